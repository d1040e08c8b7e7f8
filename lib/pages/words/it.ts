/** The pages' words in Italian, in the formal address. */

import type { PageWords } from "../../options/page-words";

export const it: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Confermi la sua identità",
  codeTitle: "Controlli il suo telefono",
  signInTitle: "Acceda prima al suo account",
  goOnTitle: "Un momento",
  goOn: "La stiamo reindirizzando. Se non succede nulla, prema Continua.",
  noNumberTitle: "Nessun numero di telefono",
  troubleTitle: "Operazione non riuscita",
  stepUp:
    "Questa operazione richiede un nuovo codice di sicurezza, anche se ne ha già inserito uno.",
  willText: (end) =>
    `Invieremo un codice di sicurezza via SMS al suo numero di telefono che termina con ${end}.`,
  send: "Invia il codice via SMS",
  sentTo: (end) =>
    `Abbiamo inviato un codice di sicurezza via SMS al suo numero di telefono che termina con ${end}.`,
  goodFor: (time) => `È valido per ${time}.`,
  label: "Codice di sicurezza",
  hint: (digits) => `Le ${digits} cifre ricevute via SMS`,
  submit: "Continua",
  remember: (time) => `Ricorda questo browser per ${time}`,
  rememberHint:
    "Le verranno richiesti meno codici. Non attivi l’opzione su un dispositivo usato anche da altri.",
  missingTitle: "Non ha ricevuto l’SMS?",
  missing: "Può volerci qualche minuto. Un nuovo SMS conterrà lo stesso codice.",
  resend: "Invia di nuovo l’SMS",
  wait: (time) => `Potrà richiedere un altro SMS tra ${time}.`,
  canResend: "Può richiedere un altro SMS.",
  lostTitle: "Ha perso il telefono o cambiato numero?",
  lost: (appName) =>
    `Contatti l’assistenza di ${appName}. Verificherà la sua identità prima di aiutarla ad accedere.`,
  support: "Richiedi assistenza",
  logOut: "Esci",
  problem: "Si è verificato un problema",
  error: "Errore:",
  signIn: "Non ha effettuato l’accesso. Acceda e torni a questa pagina.",
  noNumber:
    "Nel suo account non c’è un numero di telefono a cui inviare SMS. Ne aggiunga prima uno.",
  isSent: "L’SMS è in arrivo.",
  isPending: "Le abbiamo inviato un SMS poco fa. Il codice che contiene è ancora valido.",
  isFilledIn: "Il codice dell’SMS è stato inserito.",
  delivered: "L’SMS è arrivato sul suo telefono.",
  undelivered:
    "Non è stato possibile consegnare l’SMS. Verifichi che il telefono sia acceso e abbia campo, poi ne richieda un altro.",
  optedOut:
    "Il suo numero non riceve SMS da noi, perché ci è stato inviato STOP. Invii START al numero da cui arrivavano i nostri SMS, poi richieda di nuovo un codice",
  callMissed: "Alla chiamata non è stata data risposta. Può richiederne un’altra.",
  confirming: (what) => `Con il codice conferma: ${what}`,
  call: "Preferisco una chiamata",
  callHint:
    "Una voce può comunicarle lo stesso codice. Prima potrebbe chiederle di premere due tasti.",
  canCall: "Può richiedere un altro SMS o una chiamata.",
  calledTo: (end) =>
    `Stiamo chiamando il suo numero di telefono che termina con ${end} per comunicarle un codice di sicurezza.`,
  hintCalled: (digits) => `Le ${digits} cifre ascoltate nella chiamata`,
  missedTitle: "Ha perso la chiamata?",
  missed: "Un’altra chiamata o un SMS conterrà lo stesso codice.",
  isCalled: "Il suo telefono squillerà tra poco. Prema i tasti richiesti dalla voce.",
  isCallPending: "L’abbiamo chiamata poco fa. Il codice di quella chiamata è ancora valido.",
  callFailed: "Non è stato possibile chiamarla. Riprovi tra qualche minuto",
  tooManyCalls: (time) => `Potrà richiedere un’altra chiamata tra ${time}`,
  codeEmpty: "Inserisca il codice di sicurezza",
  codeShort: (digits) => `Ha inserito troppo poche cifre, il codice ne ha ${digits}`,
  codeLong: (digits) => `Ha inserito troppe cifre, il codice ne ha ${digits}`,
  codeNotNumbers: (digits) => `Il codice deve essere composto da ${digits} cifre`,
  codeWrong: "Inserisca un codice di sicurezza corretto",
  triesLeft: (tries) => (tries === 1 ? "Le resta 1 tentativo" : `Le restano ${tries} tentativi`),
  codeExpired: "Il codice di sicurezza è scaduto. Ne richieda uno nuovo",
  codeSpent: "Sono stati inseriti troppi codici errati. Richieda un nuovo codice",
  staleForm: "Questa pagina è rimasta aperta troppo a lungo. Riprovi",
  foreignForm:
    "Il suo browser non ha indicato che questo modulo proviene dalla nostra pagina. Apra di nuovo la pagina e lo invii da lì",
  tooManyAttempts: (time) => `Sono stati inseriti troppi codici errati. Riprovi tra ${time}`,
  tooManyRequests: (time) => `Potrà richiedere un altro SMS tra ${time}`,
  invalidNumber: "Il numero di telefono nel suo account è incompleto",
  countryNotAllowed: "Non inviamo SMS ai numeri di questo Paese",
  cannotTextNumber:
    "Non possiamo inviare SMS al suo numero. Potrebbe essere un telefono fisso o aver rifiutato i nostri SMS. In questo caso invii START al numero da cui arrivavano",
  sendRefused: "Da qui non è possibile inviare un codice",
  factorDisabled: "I codici di sicurezza sono disattivati per il suo account",
  deliveryFailed: "Non è stato possibile inviare l’SMS. Riprovi tra qualche minuto",
  unavailable: "Al momento non possiamo inviare né verificare codici. Riprovi tra qualche minuto",
  numberTitle: "Aggiunga il suo numero di telefono",
  changeNumberTitle: "Modifichi il suo numero di telefono",
  numberUse: (appName) =>
    `Invieremo i codici di sicurezza via SMS a questo numero, così ${appName} potrà verificare la sua identità.`,
  numberLabel: "Numero di telefono",
  numberHint: "Con + e il prefisso internazionale, ad esempio +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Inserisca un numero di telefono completo di prefisso internazionale, ad esempio +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Usa un altro numero",
  proofFirst:
    "L’ultimo codice è stato inserito da troppo tempo per modificare il numero. Inserisca prima un nuovo codice, poi di nuovo il suo nuovo numero",
  numberAgain: "Il suo nuovo numero non è ancora stato salvato. Lo inserisca di nuovo.",
  numberSavedTitle: "Il suo numero di telefono è stato modificato",
  numberSaved: (end) =>
    `D’ora in poi invieremo i codici di sicurezza al numero che termina con ${end}.`,
  endSessions: "Esci da tutti gli altri dispositivi",
  alternativesTitle: "Altri modi per confermare la sua identità",
  smsRisk:
    "Gli SMS possono essere intercettati o deviati. Uno di questi modi può essere più sicuro.",
  useRecovery: "Usa un codice di recupero",
  recoveryHelp:
    "Inserisca uno dei codici di recupero che ha conservato. Ognuno vale una sola volta.",
  recoveryLabel: "Codice di recupero",
  recoveryHint: "16 lettere e cifre, con o senza trattini",
  recoveryEmpty: "Inserisca un codice di recupero",
  recoveryMalformed: "Un codice di recupero ha 16 lettere e cifre",
  recoveryWrong: "Inserisca uno dei suoi codici di recupero che non ha ancora usato",
  useText: "Ricevi invece un codice via SMS",
  recoveryTitle: "Codici di recupero",
  recoveryUse:
    "Se perde il telefono, può accedere con un codice di recupero. Ognuno vale una sola volta.",
  recoveryLeft: (left) => `Codici non usati: ${left}.`,
  recoveryVoids: "I nuovi codici sostituiscono quelli che ha.",
  makeRecovery: "Crea nuovi codici",
  recoveryMade:
    "Da questa pagina sono già stati creati nuovi codici, che non vengono mostrati di nuovo. Se non li ha conservati, ne crei altri",
  newRecoveryTitle: "Conservi i suoi codici di recupero",
  recoverySave:
    "Questi codici vengono mostrati solo ora. Li stampi o li conservi in un gestore di password, ma non soltanto sul telefono.",
  copy: "Copia",
  copied: "I codici sono stati copiati.",
  print: "Stampa",
  download: "Scarica",
};
