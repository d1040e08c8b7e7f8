/** The pages' words in Portuguese, in wording that is at home in Brazil and in Portugal. */

import type { PageWords } from "../../options/page-words";

export const pt: PageWords = {
  dir: "ltr",
  stop: ". ",
  askTitle: "Confirme a sua identidade",
  codeTitle: "Veja o seu telefone",
  signInTitle: "Inicie a sessão primeiro",
  goOnTitle: "Um momento",
  goOn: "A página seguinte será aberta. Se nada acontecer, selecione Continuar.",
  noNumberTitle: "Não há nenhum número de telefone",
  troubleTitle: "Não funcionou",
  stepUp: "Esta etapa exige um novo código de segurança, mesmo que já tenha inserido outro.",
  confirming: (what) => `Com o código confirma: ${what}`,
  willText: (end) =>
    `Vamos enviar um código de segurança por SMS para o seu número de telefone terminado em ${end}.`,
  send: "Enviar código por SMS",
  sentTo: (end) =>
    `Um código de segurança foi enviado por SMS para o seu número de telefone terminado em ${end}.`,
  goodFor: (time) => `É válido por ${time}.`,
  label: "Código de segurança",
  hint: (digits) => `Os ${digits} números do SMS`,
  submit: "Continuar",
  remember: (time) => `Memorizar este navegador durante ${time}`,
  rememberHint:
    "Aqui ser-lhe-ão pedidos menos códigos. Não assinale num dispositivo que outras pessoas usem.",
  missingTitle: "Não recebeu o SMS?",
  missing: "Pode demorar alguns minutos. Um novo SMS traz o mesmo código.",
  resend: "Enviar o SMS novamente",
  wait: (time) => `Pode pedir outro SMS em ${time}.`,
  canResend: "Já pode pedir outro SMS.",
  lostTitle: "Perdeu o telefone ou mudou de número?",
  lost: (appName) =>
    `Fale com o suporte de ${appName}. A sua identidade será verificada antes de receber ajuda para entrar.`,
  support: "Obter ajuda",
  logOut: "Encerrar sessão",
  problem: "Há um problema",
  error: "Erro:",
  signIn: "A sessão não está iniciada. Inicie a sessão e volte a esta página.",
  noNumber:
    "A sua conta não tem um número de telefone que possa receber SMS. Adicione um à sua conta primeiro.",
  isSent: "O SMS está a caminho.",
  isPending: "Um SMS foi enviado há instantes. O código que ele contém ainda é válido.",
  isFilledIn: "O código do SMS foi preenchido.",
  delivered: "O SMS chegou ao seu telefone.",
  undelivered:
    "Não foi possível entregar o SMS. Verifique se o seu telefone está ligado e tem rede e, em seguida, peça outro.",
  optedOut:
    "O seu número não recebe os nossos SMS, porque nos foi enviado STOP. Envie START para o número de onde vinham os nossos SMS e peça novamente um código",
  callMissed: "A chamada não foi atendida. Pode pedir outra.",
  call: "Receber uma chamada",
  callHint: "Uma voz pode dizer o mesmo código. Antes, pode pedir que pressione duas teclas.",
  canCall: "Já pode pedir outro SMS ou uma chamada.",
  calledTo: (end) =>
    `Uma chamada com um código de segurança está a caminho do seu número de telefone terminado em ${end}.`,
  hintCalled: (digits) => `Os ${digits} números ditos na chamada`,
  missedTitle: "Perdeu a chamada?",
  missed: "Outra chamada ou um SMS traz o mesmo código.",
  isCalled: "O seu telefone vai tocar em instantes. Pressione as teclas que a voz pedir.",
  isCallPending: "Uma chamada foi feita há instantes. O código dito nela ainda é válido.",
  callFailed: "Não foi possível fazer a chamada. Tente novamente dentro de alguns minutos",
  tooManyCalls: (time) => `Pode pedir outra chamada em ${time}`,
  codeEmpty: "Insira o código de segurança",
  codeShort: (digits) => `Inseriu poucos números: o código deve ter ${digits} números`,
  codeLong: (digits) => `Inseriu números a mais: o código deve ter ${digits} números`,
  codeNotNumbers: (digits) => `O código deve ter ${digits} números`,
  codeWrong: "Insira um código de segurança correto",
  triesLeft: (tries) => (tries === 1 ? "Resta 1 tentativa" : `Restam ${tries} tentativas`),
  codeExpired: "O código de segurança expirou. Peça um novo código",
  codeSpent: "Foram inseridos muitos códigos errados. Peça um novo código",
  staleForm: "Esta página esteve aberta por muito tempo. Tente novamente",
  foreignForm:
    "O seu navegador não indicou que este formulário veio da nossa página. Abra a página novamente e envie-o a partir dela",
  tooManyAttempts: (time) => `Foram inseridos muitos códigos errados. Tente novamente em ${time}`,
  tooManyRequests: (time) => `Pode pedir outro SMS em ${time}`,
  invalidNumber: "O número de telefone da sua conta está incompleto",
  countryNotAllowed: "Não enviamos SMS para números deste país",
  cannotTextNumber:
    "Não é possível enviar SMS para o seu número. Pode ser um telefone fixo ou ter recusado SMS. Nesse caso, envie START para o número de onde vinham",
  sendRefused: "Não é possível enviar um código por aqui",
  factorDisabled: "Os códigos de segurança estão desativados na sua conta",
  deliveryFailed: "Não foi possível enviar o SMS. Tente novamente dentro de alguns minutos",
  unavailable:
    "Neste momento não é possível enviar nem verificar códigos. Tente novamente dentro de alguns minutos",
  numberTitle: "Adicione o seu número de telefone",
  changeNumberTitle: "Altere o seu número de telefone",
  numberUse: (appName) =>
    `Enviaremos códigos de segurança por SMS para este número, para que ${appName} possa confirmar que é você.`,
  numberLabel: "Número de telefone",
  numberHint: "Com + e o código do país, por exemplo +1\u00a0202\u00a0555\u00a00123",
  numberWrong:
    "Introduza um número de telefone completo com o código do país, por exemplo +1\u00a0202\u00a0555\u00a00123",
  otherNumber: "Usar outro número",
  proofFirst:
    "O seu último código foi inserido há demasiado tempo para alterar o número. Insira primeiro um novo código e depois o seu novo número novamente",
  numberAgain: "O seu novo número ainda não foi guardado. Insira-o novamente.",
  numberSavedTitle: "O seu número de telefone foi alterado",
  numberSaved: (end) =>
    `A partir de agora, enviamos os códigos de segurança para o número terminado em ${end}.`,
  endSessions: "Terminar sessão nos outros dispositivos",
  alternativesTitle: "Outras formas de confirmar que é você",
  smsRisk: "Os SMS podem ser intercetados ou desviados. Uma destas formas pode ser mais segura.",
};
