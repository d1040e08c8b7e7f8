/** The pages' words in Dutch, in the formal address. */

import type { PageWords } from "../../options/page-words";

export const nl: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Bevestig dat u het bent",
  codeTitle: "Kijk op uw telefoon",
  signInTitle: "Log eerst in",
  goOnTitle: "Een ogenblik",
  goOn: "U wordt doorgestuurd. Gebeurt er niets, klik dan op Doorgaan.",
  noNumberTitle: "Geen telefoonnummer bekend",
  troubleTitle: "Dit is niet gelukt",
  stepUp:
    "Voor deze stap hebt u een nieuwe beveiligingscode nodig, ook als u er al een hebt ingevoerd.",
  willText: (end) =>
    `We sturen een beveiligingscode per sms naar uw telefoonnummer dat eindigt op ${end}.`,
  send: "Code per sms sturen",
  sentTo: (end) =>
    `We hebben een beveiligingscode per sms gestuurd naar uw telefoonnummer dat eindigt op ${end}.`,
  goodFor: (time) => `De code is ${time} geldig.`,
  label: "Beveiligingscode",
  hint: (digits) => `De ${digits} cijfers uit de sms`,
  submit: "Doorgaan",
  remember: (time) => `Deze browser ${time} onthouden`,
  rememberHint:
    "Er wordt dan minder vaak om een code gevraagd. Zet dit niet aan op een apparaat dat ook anderen gebruiken.",
  missingTitle: "Geen sms ontvangen?",
  missing: "Het kan enkele minuten duren. Een nieuwe sms bevat dezelfde code.",
  resend: "Sms opnieuw sturen",
  wait: (time) => `U kunt over ${time} een nieuwe sms aanvragen.`,
  canResend: "U kunt een nieuwe sms aanvragen.",
  lostTitle: "Telefoon kwijt of nummer veranderd?",
  lost: (appName) =>
    `Neem contact op met de klantenservice van ${appName}. Daar wordt eerst gecontroleerd wie u bent.`,
  support: "Hulp krijgen",
  logOut: "Uitloggen",
  problem: "Er is een probleem",
  error: "Fout:",
  signIn: "U bent niet ingelogd. Log in en ga terug naar deze pagina.",
  noNumber:
    "Bij uw account staat geen telefoonnummer waar we een sms naartoe kunnen sturen. Voeg er eerst een toe.",
  isSent: "De sms is onderweg.",
  isPending: "We hebben u zojuist al een sms gestuurd. De code daarin is nog geldig.",
  isFilledIn: "De code uit de sms is ingevuld.",
  delivered: "De sms is op uw telefoon aangekomen.",
  undelivered:
    "De sms kon niet worden bezorgd. Controleer of uw telefoon aanstaat en bereik heeft en vraag dan een nieuwe aan.",
  optedOut:
    "Uw nummer krijgt geen sms van ons, omdat er STOP naar ons is gestuurd. Stuur START naar het nummer waarvan onze sms kwam en vraag dan opnieuw een code aan",
  callMissed: "De oproep is niet beantwoord. U kunt een nieuwe aanvragen.",
  confirming: (what) => `Met de code bevestigt u: ${what}`,
  call: "Liever gebeld worden",
  callHint:
    "Een stem kan u dezelfde code vertellen. Mogelijk wordt u eerst gevraagd twee toetsen in te drukken.",
  canCall: "U kunt een nieuwe sms of een oproep aanvragen.",
  calledTo: (end) => `We bellen uw telefoonnummer dat eindigt op ${end} met een beveiligingscode.`,
  hintCalled: (digits) => `De ${digits} cijfers uit de oproep`,
  missedTitle: "Oproep gemist?",
  missed: "Een nieuwe oproep of een sms bevat dezelfde code.",
  isCalled: "Uw telefoon gaat zo over. Druk op de toetsen waar de stem om vraagt.",
  isCallPending: "We hebben u zojuist al gebeld. De code uit die oproep is nog geldig.",
  callFailed: "We konden u niet bellen. Probeer het over enkele minuten opnieuw",
  tooManyCalls: (time) => `U kunt over ${time} een nieuwe oproep aanvragen`,
  codeEmpty: "Voer de beveiligingscode in",
  codeShort: (digits) =>
    `U hebt te weinig cijfers ingevoerd, de code bestaat uit ${digits} cijfers`,
  codeLong: (digits) => `U hebt te veel cijfers ingevoerd, de code bestaat uit ${digits} cijfers`,
  codeNotNumbers: (digits) => `De code moet uit ${digits} cijfers bestaan`,
  codeWrong: "Voer een juiste beveiligingscode in",
  triesLeft: (tries) => `U hebt nog ${tries} ${tries === 1 ? "poging" : "pogingen"}`,
  codeExpired: "De beveiligingscode is verlopen. Vraag een nieuwe code aan",
  codeSpent: "Er zijn te veel onjuiste codes ingevoerd. Vraag een nieuwe code aan",
  staleForm: "Deze pagina heeft te lang opengestaan. Probeer het opnieuw",
  foreignForm:
    "Uw browser heeft niet aangegeven dat dit formulier van onze pagina komt. Open de pagina opnieuw en verstuur het formulier vandaar",
  tooManyAttempts: (time) =>
    `Er zijn te veel onjuiste codes ingevoerd. Probeer het over ${time} opnieuw`,
  tooManyRequests: (time) => `U kunt over ${time} een nieuwe sms aanvragen`,
  invalidNumber: "Het telefoonnummer bij uw account is niet volledig",
  countryNotAllowed: "We sturen geen sms naar nummers uit dit land",
  cannotTextNumber:
    "We kunnen geen sms naar uw nummer sturen. Misschien is het een vast nummer, of zijn sms-berichten van ons geweigerd. Stuur in dat geval START naar het nummer waarvan ze kwamen",
  sendRefused: "Hiervandaan kan geen code worden verstuurd",
  factorDisabled: "Beveiligingscodes zijn voor uw account uitgeschakeld",
  deliveryFailed: "De sms kon niet worden verstuurd. Probeer het over enkele minuten opnieuw",
  unavailable:
    "We kunnen op dit moment geen codes versturen of controleren. Probeer het over enkele minuten opnieuw",
  numberTitle: "Voeg uw telefoonnummer toe",
  changeNumberTitle: "Wijzig uw telefoonnummer",
  numberUse: (appName) =>
    `We sturen beveiligingscodes per sms naar dit nummer, zodat ${appName} zeker weet dat u het bent.`,
  numberLabel: "Telefoonnummer",
  numberHint: "Met + en het landnummer, bijvoorbeeld +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Voer een volledig telefoonnummer met landnummer in, bijvoorbeeld +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Een ander nummer gebruiken",
  proofFirst:
    "Uw laatste code is te lang geleden ingevoerd om het nummer te wijzigen. Voer eerst een nieuwe code in en daarna opnieuw uw nieuwe nummer",
  numberAgain: "Uw nieuwe nummer is nog niet opgeslagen. Voer het nog een keer in.",
  numberSavedTitle: "Uw telefoonnummer is gewijzigd",
  numberSaved: (end) =>
    `Vanaf nu sturen we beveiligingscodes naar het nummer dat eindigt op ${end}.`,
  endSessions: "Op alle andere apparaten uitloggen",
  alternativesTitle: "Andere manieren om te bevestigen dat u het bent",
  smsRisk:
    "Sms-berichten kunnen worden onderschept of omgeleid. Een van deze manieren is misschien veiliger.",
  useRecovery: "Herstelcode gebruiken",
  recoveryHelp: "Voer een van de herstelcodes in die u hebt bewaard. Elke code werkt één keer.",
  recoveryLabel: "Herstelcode",
  recoveryHint: "16 letters en cijfers, met of zonder streepjes",
  recoveryEmpty: "Voer een herstelcode in",
  recoveryMalformed: "Een herstelcode bestaat uit 16 letters en cijfers",
  recoveryWrong: "Voer een van uw herstelcodes in die u nog niet hebt gebruikt",
  useText: "Liever een code per sms ontvangen",
  recoveryTitle: "Herstelcodes",
  recoveryUse:
    "Als u uw telefoon kwijt bent, kunt u met een herstelcode inloggen. Elke code werkt één keer.",
  recoveryLeft: (left) => `Ongebruikte codes: ${left}.`,
  recoveryVoids: "Nieuwe codes vervangen de codes die u hebt.",
  makeRecovery: "Nieuwe codes maken",
  recoveryMade:
    "Via deze pagina zijn al nieuwe codes gemaakt, en ze worden niet nog een keer getoond. Hebt u ze niet bewaard, maak dan nieuwe",
  newRecoveryTitle: "Bewaar uw herstelcodes",
  recoverySave:
    "Deze codes worden alleen nu getoond. Druk ze af of bewaar ze in een wachtwoordmanager, maar niet alleen op uw telefoon.",
  copy: "Kopiëren",
  copied: "De codes zijn gekopieerd.",
  print: "Afdrukken",
  download: "Downloaden",
};
