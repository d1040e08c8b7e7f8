/** The pages' words in French: no-break spaces before its high marks, and elided words before vowels. */

import type { PageWords } from "../../options/page-words";

// A name that begins with an H may be either: it is left whole.
const startsWithVowel = (name: string): boolean => /^[aeiouœæàâäåéèêëîïôöùûü]/i.test(name);
const withDe = (name: string): string => (startsWithVowel(name) ? `d’${name}` : `de ${name}`);
const withQue = (name: string): string => (startsWithVowel(name) ? `qu’${name}` : `que ${name}`);

export const fr: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Confirmez votre identité",
  codeTitle: "Consultez votre téléphone",
  signInTitle: "Connectez-vous d’abord",
  goOnTitle: "Un instant",
  goOn: "Vous allez être redirigé. Si rien ne se passe, appuyez sur Continuer.",
  noNumberTitle: "Aucun numéro de téléphone",
  troubleTitle: "Cela n’a pas fonctionné",
  stepUp: "Cette étape demande un nouveau code de sécurité, même si vous en avez déjà saisi un.",
  confirming: (what) => `Avec le code, vous confirmez\u00a0: ${what}`,
  willText: (end) =>
    `Nous allons envoyer un code de sécurité par SMS à votre numéro de téléphone se terminant par ${end}.`,
  send: "M’envoyer un code",
  sentTo: (end) =>
    `Nous avons envoyé un code de sécurité par SMS à votre numéro de téléphone se terminant par ${end}.`,
  goodFor: (time) => `Il est valable ${time}.`,
  label: "Code de sécurité",
  hint: (digits) => `Les ${digits} chiffres du SMS`,
  submit: "Continuer",
  remember: (time) => `Mémoriser ce navigateur pendant ${time}`,
  rememberHint:
    "Moins de codes vous seront demandés ici. Ne cochez pas cette case sur un appareil que d’autres personnes utilisent.",
  missingTitle: "Vous n’avez pas reçu de SMS\u202f?",
  missing: "Il peut mettre quelques minutes à arriver. Un nouveau SMS contiendra le même code.",
  resend: "Renvoyer le SMS",
  wait: (time) => `Vous pourrez demander un autre SMS dans ${time}.`,
  canResend: "Vous pouvez demander un autre SMS.",
  lostTitle: "Téléphone perdu ou numéro changé\u202f?",
  lost: (appName) =>
    `Contactez l’assistance ${withDe(appName)}. Elle vérifiera votre identité avant de vous aider à entrer.`,
  support: "Obtenir de l’aide",
  logOut: "Se déconnecter",
  problem: "Il y a un problème",
  error: "Erreur\u00a0:",
  signIn: "Vous n’êtes pas connecté. Connectez-vous, puis revenez à cette page.",
  noNumber:
    "Votre compte n’a pas de numéro de téléphone auquel envoyer un SMS. Ajoutez-en un d’abord.",
  isSent: "Le SMS est en route.",
  isPending: "Nous venons de vous envoyer un SMS. Le code qu’il contient est toujours valable.",
  isFilledIn: "Le code du SMS a été inséré.",
  delivered: "Le SMS est arrivé sur votre téléphone.",
  undelivered:
    "Le SMS n’a pas pu être remis. Vérifiez que votre téléphone est allumé et qu’il capte le réseau, puis demandez-en un autre.",
  optedOut:
    "Votre numéro ne reçoit plus nos SMS, car il nous a envoyé STOP. Envoyez START au numéro d’où venaient nos SMS, puis demandez à nouveau un code",
  callMissed: "L’appel est resté sans réponse. Vous pouvez en demander un autre.",
  call: "Recevoir un appel",
  callHint:
    "Une voix peut vous dicter le même code. Elle peut vous demander d’abord d’appuyer sur deux touches.",
  canCall: "Vous pouvez demander un autre SMS, ou un appel.",
  calledTo: (end) =>
    `Nous vous appelons à votre numéro de téléphone se terminant par ${end} pour vous dicter un code de sécurité.`,
  hintCalled: (digits) => `Les ${digits} chiffres dictés par la voix`,
  missedTitle: "Vous avez manqué l’appel\u202f?",
  missed: "Un autre appel ou un SMS donnera le même code.",
  isCalled:
    "Votre téléphone va sonner dans un instant. Appuyez sur les touches que la voix vous indique.",
  isCallPending:
    "Nous venons de vous appeler. Le code dicté pendant cet appel est toujours valable.",
  callFailed: "Nous n’avons pas pu vous appeler. Réessayez dans quelques minutes",
  tooManyCalls: (time) => `Vous pourrez demander un autre appel dans ${time}`,
  codeEmpty: "Saisissez le code de sécurité",
  codeShort: (digits) =>
    `Vous n’avez pas saisi assez de chiffres, le code doit en compter ${digits}`,
  codeLong: (digits) => `Vous avez saisi trop de chiffres, le code doit en compter ${digits}`,
  codeNotNumbers: (digits) => `Le code doit compter ${digits} chiffres`,
  codeWrong: "Saisissez un code de sécurité correct",
  triesLeft: (tries) => `Il vous reste ${tries} ${tries === 1 ? "essai" : "essais"}`,
  codeExpired: "Le code de sécurité a expiré. Demandez-en un nouveau",
  codeSpent: "Trop de codes erronés ont été saisis. Demandez un nouveau code",
  staleForm: "Cette page était ouverte depuis trop longtemps. Réessayez",
  foreignForm:
    "Votre navigateur n’a pas indiqué que ce formulaire venait de notre page. Rouvrez la page et envoyez-le de là",
  tooManyAttempts: (time) => `Trop de codes erronés ont été saisis. Réessayez dans ${time}`,
  tooManyRequests: (time) => `Vous pourrez demander un autre SMS dans ${time}`,
  invalidNumber: "Le numéro de téléphone de votre compte n’est pas complet",
  countryNotAllowed: "Nous n’envoyons pas de SMS aux numéros de ce pays",
  cannotTextNumber:
    "Nous ne pouvons pas envoyer de SMS à votre numéro. C’est peut-être une ligne fixe, ou il refuse nos SMS. Dans ce cas, envoyez START au numéro d’où ils venaient",
  sendRefused: "Aucun code ne peut être envoyé d’ici",
  factorDisabled: "Les codes de sécurité sont désactivés pour votre compte",
  deliveryFailed: "Le SMS n’a pas pu être envoyé. Réessayez dans quelques minutes",
  unavailable:
    "Nous ne pouvons ni envoyer ni vérifier de code pour le moment. Réessayez dans quelques minutes",
  numberTitle: "Ajoutez votre numéro de téléphone",
  changeNumberTitle: "Changez votre numéro de téléphone",
  numberUse: (appName) =>
    `Nous enverrons des codes de sécurité par SMS à ce numéro, pour ${withQue(appName)} puisse vérifier que c’est bien vous.`,
  numberLabel: "Numéro de téléphone",
  numberHint: "Avec + et l’indicatif du pays, par exemple +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Saisissez un numéro de téléphone complet avec l’indicatif du pays, par exemple +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Utiliser un autre numéro",
  proofFirst:
    "Votre dernier code a été saisi il y a trop longtemps pour changer de numéro. Saisissez d’abord un nouveau code, puis de nouveau votre nouveau numéro",
  numberAgain: "Votre nouveau numéro n’est pas encore enregistré. Saisissez-le encore une fois.",
  numberSavedTitle: "Votre numéro de téléphone a été changé",
  numberSaved: (end) =>
    `Désormais, nous envoyons les codes de sécurité au numéro se terminant par ${end}.`,
  endSessions: "Se déconnecter partout ailleurs",
  alternativesTitle: "Autres moyens de confirmer que c’est bien vous",
  smsRisk: "Les SMS peuvent être interceptés ou détournés. L’un de ces moyens peut être plus sûr.",
  useRecovery: "Utiliser un code de secours",
  recoveryHelp:
    "Saisissez l’un des codes de secours que vous avez conservés. Chacun sert une seule fois.",
  recoveryLabel: "Code de secours",
  recoveryHint: "16 lettres et chiffres, avec ou sans tirets",
  recoveryEmpty: "Saisissez un code de secours",
  recoveryMalformed: "Un code de secours compte 16 lettres et chiffres",
  recoveryWrong: "Saisissez l’un de vos codes de secours que vous n’avez pas encore utilisé",
  useText: "Recevoir plutôt un code par SMS",
  recoveryTitle: "Codes de secours",
  recoveryUse:
    "Si vous perdez votre téléphone, un code de secours vous permet d’entrer. Chacun sert une seule fois.",
  recoveryLeft: (left) => `Codes non utilisés\u00a0: ${left}.`,
  recoveryVoids: "Les nouveaux codes remplacent ceux que vous avez.",
  makeRecovery: "Créer de nouveaux codes",
  recoveryMade:
    "De nouveaux codes ont déjà été créés depuis cette page et ne sont plus affichés. Si vous ne les avez pas conservés, créez-en d’autres",
  newRecoveryTitle: "Conservez vos codes de secours",
  recoverySave:
    "Ces codes ne sont affichés que maintenant. Imprimez-les ou gardez-les dans un gestionnaire de mots de passe, mais pas seulement sur votre téléphone.",
  copy: "Copier",
  copied: "Les codes sont copiés.",
  print: "Imprimer",
  download: "Télécharger",
};
