/** The pages' words in German. */

import type { PageWords } from "../../options/page-words";

export const de: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Bestätigen Sie, dass Sie es sind",
  codeTitle: "Sehen Sie auf Ihr Telefon",
  signInTitle: "Melden Sie sich zuerst an",
  goOnTitle: "Einen Moment",
  goOn: "Es geht gleich weiter. Wenn nichts geschieht, drücken Sie auf Weiter.",
  noNumberTitle: "Keine Telefonnummer hinterlegt",
  troubleTitle: "Das hat nicht geklappt",
  stepUp:
    "Für diesen Schritt brauchen Sie einen neuen Sicherheitscode, auch wenn Sie schon einen eingegeben haben.",
  confirming: (what) => `Mit dem Code bestätigen Sie: ${what}`,
  willText: (end) =>
    `Wir schicken einen Sicherheitscode per SMS an Ihre Telefonnummer mit den Endziffern ${end}.`,
  send: "Code per SMS schicken",
  sentTo: (end) =>
    `Wir haben einen Sicherheitscode per SMS an Ihre Telefonnummer mit den Endziffern ${end} geschickt.`,
  goodFor: (time) => `Er gilt noch ${time}.`,
  label: "Sicherheitscode",
  hint: (digits) => `Die ${digits} Ziffern aus der SMS`,
  submit: "Weiter",
  remember: (time) => `Diesen Browser ${time} lang merken`,
  rememberHint:
    "Hier werden Sie dann seltener nach einem Code gefragt. Lassen Sie das Kästchen leer, wenn auch andere dieses Gerät benutzen.",
  missingTitle: "Keine SMS erhalten?",
  missing: "Es kann einige Minuten dauern. Eine weitere SMS enthält denselben Code.",
  resend: "SMS noch einmal schicken",
  wait: (time) => `Eine weitere SMS können Sie in ${time} anfordern.`,
  canResend: "Sie können eine weitere SMS anfordern.",
  lostTitle: "Telefon verloren oder Nummer gewechselt?",
  lost: (appName) =>
    `Wenden Sie sich an den Kundendienst von ${appName}. Dort wird zuerst geprüft, wer Sie sind.`,
  support: "Hilfe erhalten",
  logOut: "Abmelden",
  problem: "Es gibt ein Problem",
  error: "Fehler:",
  signIn: "Sie sind nicht angemeldet. Melden Sie sich an und kehren Sie auf diese Seite zurück.",
  noNumber:
    "Für Ihr Konto ist keine Telefonnummer hinterlegt, an die eine SMS gehen kann. Fügen Sie zuerst eine hinzu.",
  isSent: "Die SMS ist unterwegs.",
  isPending: "Wir haben Ihnen gerade erst eine SMS geschickt. Der Code darin gilt noch.",
  isFilledIn: "Der Code aus der SMS ist eingetragen.",
  delivered: "Die SMS ist auf Ihrem Telefon angekommen.",
  undelivered:
    "Die SMS konnte nicht zugestellt werden. Prüfen Sie, ob Ihr Telefon eingeschaltet ist und Empfang hat, und fordern Sie dann eine weitere an.",
  optedOut:
    "Ihre Nummer erhält keine SMS von uns, weil uns STOP geschickt wurde. Schicken Sie START an die Nummer, von der unsere SMS kamen, und fordern Sie dann noch einmal einen Code an",
  callMissed: "Der Anruf wurde nicht angenommen. Sie können einen weiteren anfordern.",
  call: "Lieber anrufen lassen",
  callHint:
    "Eine Stimme kann Ihnen denselben Code ansagen. Vielleicht bittet sie Sie vorher, zwei Tasten zu drücken.",
  canCall: "Sie können eine weitere SMS oder einen Anruf anfordern.",
  calledTo: (end) =>
    `Wir rufen Ihre Telefonnummer mit den Endziffern ${end} an und sagen Ihnen einen Sicherheitscode.`,
  hintCalled: (digits) => `Die ${digits} Ziffern aus dem Anruf`,
  missedTitle: "Anruf verpasst?",
  missed: "Ein weiterer Anruf oder eine SMS bringt denselben Code.",
  isCalled: "Ihr Telefon klingelt gleich. Drücken Sie die Tasten, um die die Stimme Sie bittet.",
  isCallPending: "Wir haben Sie gerade erst angerufen. Der Code aus diesem Anruf gilt noch.",
  callFailed: "Wir konnten Sie nicht anrufen. Versuchen Sie es in einigen Minuten wieder",
  tooManyCalls: (time) => `Einen weiteren Anruf können Sie in ${time} anfordern`,
  codeEmpty: "Geben Sie den Sicherheitscode ein",
  codeShort: (digits) => `Sie haben zu wenige Ziffern eingegeben, der Code hat ${digits} Ziffern`,
  codeLong: (digits) => `Sie haben zu viele Ziffern eingegeben, der Code hat ${digits} Ziffern`,
  codeNotNumbers: (digits) => `Der Code muss aus ${digits} Ziffern bestehen`,
  codeWrong: "Geben Sie einen richtigen Sicherheitscode ein",
  triesLeft: (tries) =>
    tries === 1 ? "Sie haben noch 1 Versuch" : `Sie haben noch ${tries} Versuche`,
  codeExpired: "Der Sicherheitscode ist abgelaufen. Fordern Sie einen neuen an",
  codeSpent: "Es wurden zu viele falsche Codes eingegeben. Fordern Sie einen neuen an",
  staleForm: "Diese Seite war zu lange offen. Versuchen Sie es noch einmal",
  foreignForm:
    "Ihr Browser hat nicht angegeben, dass dieses Formular von unserer Seite kommt. Öffnen Sie die Seite neu, und senden Sie es von dort",
  tooManyAttempts: (time) =>
    `Es wurden zu viele falsche Codes eingegeben. Versuchen Sie es in ${time} wieder`,
  tooManyRequests: (time) => `Eine weitere SMS können Sie in ${time} anfordern`,
  invalidNumber: "Die Telefonnummer in Ihrem Konto ist unvollständig",
  countryNotAllowed: "An Nummern dieses Landes schicken wir keine SMS",
  cannotTextNumber:
    "An Ihre Nummer können wir keine SMS schicken. Vielleicht ist sie ein Festnetzanschluss oder hat SMS abbestellt. Wer das getan hat, schickt START an die Nummer, von der sie kamen",
  sendRefused: "Von hier aus kann kein Code geschickt werden",
  factorDisabled: "Sicherheitscodes sind für Ihr Konto abgeschaltet",
  deliveryFailed:
    "Die SMS konnte nicht geschickt werden. Versuchen Sie es in einigen Minuten wieder",
  unavailable:
    "Im Moment können wir keine Codes schicken oder prüfen. Versuchen Sie es in einigen Minuten wieder",
  numberTitle: "Telefonnummer hinzufügen",
  changeNumberTitle: "Telefonnummer ändern",
  numberUse: (appName) =>
    `An diese Nummer senden wir Sicherheitscodes per SMS, damit ${appName} sicher sein kann, dass Sie es sind.`,
  numberLabel: "Telefonnummer",
  numberHint: "Mit + und der Landesvorwahl, zum Beispiel +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Geben Sie eine vollständige Telefonnummer mit Landesvorwahl ein, zum Beispiel +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Eine andere Nummer verwenden",
  proofFirst:
    "Ihr letzter Code liegt zu lange zurück, um die Nummer zu ändern. Geben Sie zuerst einen neuen Code ein und dann Ihre neue Nummer noch einmal",
  numberAgain: "Ihre neue Nummer ist noch nicht gespeichert. Geben Sie sie noch einmal ein.",
  numberSavedTitle: "Ihre Telefonnummer ist geändert",
  numberSaved: (end) =>
    `Von jetzt an senden wir Sicherheitscodes an die Nummer, die auf ${end} endet.`,
  endSessions: "Auf allen anderen Geräten abmelden",
  alternativesTitle: "Andere Wege, sich auszuweisen",
  smsRisk:
    "SMS können abgefangen oder umgeleitet werden. Einer dieser Wege ist vielleicht sicherer.",
  useRecovery: "Wiederherstellungscode verwenden",
  recoveryHelp:
    "Geben Sie einen der Wiederherstellungscodes ein, die Sie aufbewahrt haben. Jeder gilt einmal.",
  recoveryLabel: "Wiederherstellungscode",
  recoveryHint: "16 Buchstaben und Ziffern, mit oder ohne Bindestriche",
  recoveryEmpty: "Geben Sie einen Wiederherstellungscode ein",
  recoveryMalformed: "Ein Wiederherstellungscode hat 16 Buchstaben und Ziffern",
  recoveryWrong:
    "Geben Sie einen Ihrer Wiederherstellungscodes ein, den Sie noch nicht verwendet haben",
  useText: "Stattdessen einen Code per SMS erhalten",
  recoveryTitle: "Wiederherstellungscodes",
  recoveryUse:
    "Wenn Sie Ihr Telefon verlieren, melden Sie sich mit einem Wiederherstellungscode an. Jeder gilt einmal.",
  recoveryLeft: (left) => `Unbenutzte Codes: ${left}.`,
  recoveryVoids: "Neue Codes ersetzen die bisherigen.",
  makeRecovery: "Neue Codes erstellen",
  recoveryMade:
    "Von dieser Seite aus wurden schon neue Codes erstellt, sie werden nicht noch einmal angezeigt. Wenn Sie sie nicht aufbewahrt haben, erstellen Sie neue",
  newRecoveryTitle: "Bewahren Sie Ihre Wiederherstellungscodes auf",
  recoverySave:
    "Diese Codes werden nur jetzt angezeigt. Drucken Sie sie aus oder bewahren Sie sie in einem Passwortmanager auf, aber nicht nur auf Ihrem Telefon.",
  copy: "Kopieren",
  copied: "Die Codes sind kopiert.",
  print: "Drucken",
  download: "Herunterladen",
};
