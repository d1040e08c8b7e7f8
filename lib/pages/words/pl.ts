/** The pages' words in Polish, without pronouns, as its formal address has them. */

// Times and tries stand behind a colon, where no case changes them, and words of one letter end no line.

import type { PageWords } from "../../options/page-words";

export const pl: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Potwierdzenie tożsamości",
  codeTitle: "Proszę sprawdzić telefon",
  signInTitle: "Najpierw proszę się zalogować",
  goOnTitle: "Chwileczkę",
  goOn: "Trwa przekierowanie. Jeśli nic się nie dzieje, proszę wybrać „Dalej”.",
  noNumberTitle: "Brak numeru telefonu",
  troubleTitle: "Nie udało się",
  stepUp: "Ten krok wymaga nowego kodu autoryzacyjnego, nawet jeśli jakiś kod został już podany.",
  willText: (end) =>
    `Wyślemy SMS z\u00a0kodem autoryzacyjnym na numer telefonu kończący się na ${end}.`,
  send: "Wyślij kod SMS-em",
  sentTo: (end) =>
    `Wysłaliśmy SMS z\u00a0kodem autoryzacyjnym na numer telefonu kończący się na ${end}.`,
  goodFor: (time) => `Czas ważności kodu: ${time}.`,
  label: "Kod autoryzacyjny",
  hint: (digits) => `${digits} cyfr z\u00a0SMS-a`,
  submit: "Dalej",
  remember: (time) => `Zapamiętaj tę przeglądarkę (${time})`,
  rememberHint:
    "Rzadziej będziemy prosić o\u00a0kod. Proszę nie zaznaczać tego na urządzeniu, z\u00a0którego korzystają inne osoby.",
  missingTitle: "SMS nie dotarł?",
  missing: "Może to potrwać kilka minut. Kolejny SMS będzie zawierał ten sam kod.",
  resend: "Wyślij SMS ponownie",
  wait: (time) => `Czas do wysłania kolejnego SMS-a: ${time}.`,
  canResend: "Można już zamówić kolejny SMS.",
  lostTitle: "Utracony telefon lub zmieniony numer?",
  lost: (appName) =>
    `Prosimy o\u00a0kontakt z\u00a0działem obsługi klienta ${appName}. Przed udzieleniem pomocy sprawdzi on tożsamość.`,
  support: "Uzyskaj pomoc",
  logOut: "Wyloguj się",
  problem: "Wystąpił problem",
  error: "Błąd:",
  signIn: "Użytkownik nie jest zalogowany. Proszę się zalogować i\u00a0wrócić na tę stronę.",
  noNumber:
    "Na koncie nie ma numeru telefonu, na który można wysłać SMS. Najpierw proszę go dodać.",
  isSent: "SMS jest w\u00a0drodze.",
  isPending: "SMS został wysłany przed chwilą. Podany w\u00a0nim kod jest nadal ważny.",
  isFilledIn: "Kod z\u00a0SMS-a został wpisany.",
  delivered: "SMS dotarł na telefon.",
  undelivered:
    "Nie udało się dostarczyć SMS-a. Proszę sprawdzić, czy telefon jest włączony i\u00a0ma zasięg, a\u00a0następnie zamówić kolejny.",
  optedOut:
    "Na ten numer nie docierają nasze SMS-y, ponieważ wysłano do nas STOP. Proszę wysłać START na numer, z\u00a0którego przychodziły nasze SMS-y, a\u00a0następnie ponownie zamówić kod",
  callMissed: "Połączenie nie zostało odebrane. Można zamówić kolejne.",
  confirming: (what) => `Kod potwierdza: ${what}`,
  call: "Zamów połączenie telefoniczne",
  callHint:
    "Ten sam kod może podać głos w\u00a0słuchawce. Wcześniej może on poprosić o\u00a0naciśnięcie dwóch klawiszy.",
  canCall: "Można zamówić kolejny SMS lub połączenie.",
  calledTo: (end) =>
    `Dzwonimy z\u00a0kodem autoryzacyjnym na numer telefonu kończący się na ${end}.`,
  hintCalled: (digits) => `${digits} cyfr z\u00a0rozmowy`,
  missedTitle: "Nieodebrane połączenie?",
  missed: "Kolejne połączenie lub SMS poda ten sam kod.",
  isCalled: "Telefon zaraz zadzwoni. Proszę nacisnąć klawisze, o\u00a0które poprosi głos.",
  isCallPending: "Dzwoniliśmy przed chwilą. Podany wtedy kod jest nadal ważny.",
  callFailed: "Nie udało się zadzwonić. Proszę spróbować ponownie za kilka minut",
  tooManyCalls: (time) => `Czas do kolejnego połączenia: ${time}`,
  codeEmpty: "Proszę wpisać kod autoryzacyjny",
  codeShort: (digits) => `Wpisano za mało cyfr, kod ma ich ${digits}`,
  codeLong: (digits) => `Wpisano za dużo cyfr, kod ma ich ${digits}`,
  codeNotNumbers: (digits) => `Kod musi składać się z\u00a0${digits} cyfr`,
  codeWrong: "Proszę wpisać poprawny kod autoryzacyjny",
  triesLeft: (tries) => `Liczba pozostałych prób: ${tries}`,
  codeExpired: "Kod autoryzacyjny wygasł. Proszę zamówić nowy kod",
  codeSpent: "Wpisano zbyt wiele błędnych kodów. Proszę zamówić nowy kod",
  staleForm: "Ta strona była otwarta zbyt długo. Proszę spróbować ponownie",
  foreignForm:
    "Przeglądarka nie potwierdziła, że ten formularz pochodzi z\u00a0naszej strony. Proszę otworzyć stronę ponownie i\u00a0wysłać go stamtąd",
  tooManyAttempts: (time) => `Wpisano zbyt wiele błędnych kodów. Czas do następnej próby: ${time}`,
  tooManyRequests: (time) => `Czas do wysłania kolejnego SMS-a: ${time}`,
  invalidNumber: "Numer telefonu na koncie jest niepełny",
  countryNotAllowed: "Nie wysyłamy SMS-ów na numery z\u00a0tego kraju",
  cannotTextNumber:
    "Na ten numer nie możemy wysłać SMS-a. Może to być numer stacjonarny albo numer, który nie przyjmuje naszych SMS-ów. W\u00a0takim przypadku proszę wysłać START na numer, z\u00a0którego przychodziły",
  sendRefused: "Stąd nie można wysłać kodu",
  factorDisabled: "Kody autoryzacyjne są wyłączone dla tego konta",
  deliveryFailed: "Nie udało się wysłać SMS-a. Proszę spróbować ponownie za kilka minut",
  unavailable:
    "Obecnie nie możemy wysyłać ani sprawdzać kodów. Proszę spróbować ponownie za kilka minut",
  numberTitle: "Dodawanie numeru telefonu",
  changeNumberTitle: "Zmiana numeru telefonu",
  numberUse: (appName) =>
    `Na ten numer będziemy wysyłać SMS-y z\u00a0kodami autoryzacyjnymi do ${appName}, które potwierdzają tożsamość.`,
  numberLabel: "Numer telefonu",
  numberHint:
    "Ze znakiem + i\u00a0numerem kierunkowym kraju, na przykład +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Proszę wpisać pełny numer telefonu z\u00a0numerem kierunkowym kraju, na przykład +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Użyj innego numeru",
  proofFirst:
    "Od wpisania ostatniego kodu minęło zbyt dużo czasu, aby zmienić numer. Proszę najpierw wpisać nowy kod, a\u00a0potem jeszcze raz nowy numer",
  numberAgain: "Nowy numer nie został jeszcze zapisany. Proszę wpisać go jeszcze raz.",
  numberSavedTitle: "Numer telefonu został zmieniony",
  numberSaved: (end) =>
    `Od teraz kody autoryzacyjne będziemy wysyłać na numer kończący się na ${end}.`,
  endSessions: "Wyloguj na wszystkich innych urządzeniach",
  alternativesTitle: "Inne sposoby potwierdzenia tożsamości",
  smsRisk:
    "SMS-y mogą zostać przechwycone lub przekierowane. Jeden z\u00a0tych sposobów może być bezpieczniejszy.",
  useRecovery: "Użyj kodu zapasowego",
  recoveryHelp: "Proszę wpisać jeden z\u00a0zapisanych kodów zapasowych. Każdy działa tylko raz.",
  recoveryLabel: "Kod zapasowy",
  recoveryHint: "16 liter i\u00a0cyfr, z\u00a0myślnikami lub bez",
  recoveryEmpty: "Proszę wpisać kod zapasowy",
  recoveryMalformed: "Kod zapasowy ma 16 liter i\u00a0cyfr",
  recoveryWrong: "Proszę wpisać własny kod zapasowy, który nie został jeszcze użyty",
  useText: "Otrzymaj kod SMS-em",
  recoveryTitle: "Kody zapasowe",
  recoveryUse:
    "W\u00a0razie utraty telefonu kod zapasowy pozwala się zalogować. Każdy działa tylko raz.",
  recoveryLeft: (left) => `Liczba niewykorzystanych kodów: ${left}.`,
  recoveryVoids: "Nowe kody zastępują dotychczasowe.",
  makeRecovery: "Utwórz nowe kody",
  recoveryMade:
    "Z\u00a0tej strony utworzono już nowe kody i\u00a0nie zostaną one pokazane ponownie. Jeśli nie zostały zapisane, proszę utworzyć nowe",
  newRecoveryTitle: "Zapisz swoje kody zapasowe",
  recoverySave:
    "Te kody są pokazywane tylko teraz. Proszę je wydrukować lub zachować w\u00a0menedżerze haseł, ale nie tylko w\u00a0telefonie.",
  copy: "Kopiuj",
  copied: "Kody zostały skopiowane.",
  print: "Drukuj",
  download: "Pobierz",
};
