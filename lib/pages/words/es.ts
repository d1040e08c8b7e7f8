/** The pages' words in Spanish. */

import type { PageWords } from "../../options/page-words";

export const es: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Confirma que eres tú",
  codeTitle: "Mira tu teléfono",
  signInTitle: "Primero inicia sesión",
  goOnTitle: "Un momento",
  goOn: "Te llevamos a la página siguiente. Si no ocurre nada, pulsa Continuar.",
  noNumberTitle: "No hay ningún número de teléfono",
  troubleTitle: "No ha funcionado",
  stepUp: "Este paso requiere un nuevo código de seguridad, aunque ya hayas introducido otro.",
  confirming: (what) => `Con el código confirmas: ${what}`,
  willText: (end) =>
    `Enviaremos un código de seguridad por SMS a tu número de teléfono terminado en ${end}.`,
  send: "Enviarme un código",
  sentTo: (end) =>
    `Hemos enviado un código de seguridad por SMS a tu número de teléfono terminado en ${end}.`,
  goodFor: (time) => `Es válido durante ${time}.`,
  label: "Código de seguridad",
  hint: (digits) => `Los ${digits} números del SMS`,
  submit: "Continuar",
  remember: (time) => `Recordar este navegador durante ${time}`,
  rememberHint:
    "Aquí se te pedirán menos códigos. No lo marques en un dispositivo que usen otras personas.",
  missingTitle: "¿No has recibido el SMS?",
  missing: "Puede tardar unos minutos. Si lo pides otra vez, recibirás el mismo código.",
  resend: "Enviar el SMS otra vez",
  wait: (time) => `Podrás pedir otro SMS en ${time}.`,
  canResend: "Ya puedes pedir otro SMS.",
  lostTitle: "¿Has perdido el teléfono o cambiado de número?",
  lost: (appName) =>
    `Ponte en contacto con el servicio de asistencia de ${appName}. Comprobarán tu identidad antes de ayudarte a entrar.`,
  support: "Obtener ayuda",
  logOut: "Cerrar sesión",
  problem: "Hay un problema",
  error: "Error:",
  signIn: "No has iniciado sesión. Inicia sesión y vuelve a esta página.",
  noNumber:
    "Tu cuenta no tiene ningún número de teléfono al que enviar un SMS. Añade uno a tu cuenta primero.",
  isSent: "El SMS está en camino.",
  isPending: "Acabamos de enviarte un SMS. El código que contiene sigue siendo válido.",
  isFilledIn: "Se ha rellenado el código del SMS.",
  delivered: "El SMS ha llegado a tu teléfono.",
  undelivered:
    "No se ha podido entregar el SMS. Comprueba que tu teléfono esté encendido y tenga cobertura, y pide otro.",
  optedOut:
    "Tu número no recibe nuestros SMS porque desde él se nos envió STOP. Envía START al número desde el que te llegaban nuestros SMS y pide otra vez un código",
  callMissed: "Nadie ha respondido a la llamada. Puedes pedir otra.",
  call: "Recibir una llamada",
  callHint:
    "Una voz puede decirte el mismo código. Puede que antes te pida que marques dos teclas.",
  canCall: "Ya puedes pedir otro SMS o una llamada.",
  calledTo: (end) =>
    `Te estamos llamando a tu número de teléfono terminado en ${end} para darte un código de seguridad.`,
  hintCalled: (digits) => `Los ${digits} números que dice la voz`,
  missedTitle: "¿No has podido contestar?",
  missed: "Otra llamada o un SMS te darán el mismo código.",
  isCalled: "Tu teléfono sonará enseguida. Marca las teclas que te pida la voz.",
  isCallPending: "Acabamos de llamarte. El código de esa llamada sigue siendo válido.",
  callFailed: "No hemos podido llamarte. Inténtalo de nuevo en unos minutos",
  tooManyCalls: (time) => `Podrás pedir otra llamada en ${time}`,
  codeEmpty: "Introduce el código de seguridad",
  codeShort: (digits) => `Has introducido muy pocos números: el código debe tener ${digits}`,
  codeLong: (digits) => `Has introducido demasiados números: el código debe tener ${digits}`,
  codeNotNumbers: (digits) => `El código debe tener ${digits} números`,
  codeWrong: "Introduce un código de seguridad correcto",
  triesLeft: (tries) => (tries === 1 ? "Te queda 1 intento" : `Te quedan ${tries} intentos`),
  codeExpired: "El código de seguridad ha caducado. Pide uno nuevo",
  codeSpent: "Se han introducido demasiados códigos incorrectos. Pide uno nuevo",
  staleForm: "Esta página llevaba demasiado tiempo abierta. Inténtalo de nuevo",
  foreignForm:
    "Tu navegador no ha indicado que este formulario venga de nuestra página. Abre la página de nuevo y envíalo desde allí",
  tooManyAttempts: (time) =>
    `Se han introducido demasiados códigos incorrectos. Inténtalo de nuevo en ${time}`,
  tooManyRequests: (time) => `Podrás pedir otro SMS en ${time}`,
  invalidNumber: "El número de teléfono de tu cuenta no está completo",
  countryNotAllowed: "No enviamos SMS a números de este país",
  cannotTextNumber:
    "No podemos enviar SMS a tu número. Puede que sea un teléfono fijo o que haya rechazado los SMS. En ese caso, envía START al número desde el que llegaban",
  sendRefused: "Desde aquí no se puede enviar ningún código",
  factorDisabled: "Los códigos de seguridad están desactivados en tu cuenta",
  deliveryFailed: "No se ha podido enviar el SMS. Inténtalo de nuevo en unos minutos",
  unavailable:
    "En este momento no podemos enviar ni comprobar códigos. Inténtalo de nuevo en unos minutos",
  numberTitle: "Añade tu número de teléfono",
  changeNumberTitle: "Cambia tu número de teléfono",
  numberUse: (appName) =>
    `Enviaremos códigos de seguridad por SMS a este número, para que ${appName} pueda comprobar que eres tú.`,
  numberLabel: "Número de teléfono",
  numberHint: "Con + y el prefijo del país, por ejemplo +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Introduce un número de teléfono completo con el prefijo del país, por ejemplo +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Usar otro número",
  proofFirst:
    "Introdujiste tu último código hace demasiado tiempo para cambiar de número. Introduce primero un código nuevo y después tu nuevo número otra vez",
  numberAgain: "Tu nuevo número aún no está guardado. Introdúcelo otra vez.",
  numberSavedTitle: "Tu número de teléfono se ha cambiado",
  numberSaved: (end) =>
    `A partir de ahora enviaremos los códigos de seguridad al número que termina en ${end}.`,
  endSessions: "Cerrar sesión en los demás dispositivos",
  alternativesTitle: "Otras formas de confirmar que eres tú",
  smsRisk: "Los SMS se pueden interceptar o desviar. Una de estas formas puede ser más segura.",
  useRecovery: "Usar un código de recuperación",
  recoveryHelp:
    "Introduce uno de los códigos de recuperación que guardaste. Cada uno sirve una sola vez.",
  recoveryLabel: "Código de recuperación",
  recoveryHint: "16 letras y números, con guiones o sin ellos",
  recoveryEmpty: "Introduce un código de recuperación",
  recoveryMalformed: "Un código de recuperación tiene 16 letras y números",
  recoveryWrong: "Introduce uno de tus códigos de recuperación que no hayas usado todavía",
  useText: "Recibir un código por SMS",
  recoveryTitle: "Códigos de recuperación",
  recoveryUse:
    "Si pierdes el teléfono, un código de recuperación te permite entrar. Cada uno sirve una sola vez.",
  recoveryLeft: (left) => `Códigos sin usar: ${left}.`,
  recoveryVoids: "Los códigos nuevos sustituyen a los que tienes.",
  makeRecovery: "Crear códigos nuevos",
  recoveryMade:
    "Desde esta página ya se crearon códigos nuevos, y no se muestran otra vez. Si no los guardaste, crea otros",
  newRecoveryTitle: "Guarda tus códigos de recuperación",
  recoverySave:
    "Estos códigos solo se muestran ahora. Imprímelos o guárdalos en un gestor de contraseñas, pero no solo en tu teléfono.",
  copy: "Copiar",
  copied: "Los códigos están copiados.",
  print: "Imprimir",
  download: "Descargar",
};
