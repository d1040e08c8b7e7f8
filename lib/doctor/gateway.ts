/** Asks SignalWire for the account and its number: it reads, and texts nobody. */

import http from "node:http";
import https from "node:https";
import type { SignalWireSettings } from "../senders/signalwire/settings";
import { clockFinding, fault, ok, warning, wordOf, type Finding } from "./finding";

const LONGEST_WAIT_MS = 5000;
const LONGEST_ANSWER = 64 * 1024;

/** Whether the credentials are good, the account is active, and the number is its own. */
export async function checkGateway(settings: SignalWireSettings): Promise<Finding[]> {
  const account = await read(settings, ".json");
  if ("fault" in account) return [account.fault];
  const findings = [accountFinding(account)];
  if (account.date !== undefined && !Number.isNaN(account.date)) {
    findings.push(clockFinding("GATEWAY_CLOCK", "the gateway's", account.date));
  }
  if (account.status === 401 || account.status === 404) return findings;
  if ("from" in settings.origin) findings.push(await numberFinding(settings, settings.origin.from));
  return findings;
}

interface Answer {
  status: number;
  json: unknown;
  date: number | undefined;
}

function accountFinding({ status, json }: Answer): Finding {
  const code = "GATEWAY_ACCOUNT";
  if (status === 401) {
    const what = "SignalWire refuses the credentials.";
    return fault(code, what, "Copy project ID and token anew from the API page of this Space.");
  }
  if (status === 404) {
    const what = "This Space does not know the project.";
    return fault(
      code,
      what,
      "Check SIGNALWIRE_SPACE and SIGNALWIRE_PROJECT: both stand on one API page.",
    );
  }
  if (status === 403) {
    const what = "The token may not read the account: only that it is known was checked.";
    return warning(code, what, "Nothing, if a text arrives.");
  }
  if (status !== 200) return fault(code, `SignalWire answers ${status}.`, "Try again later.");
  const { status: state } = (json ?? {}) as { status?: unknown };
  if (state === "active") return ok(code, "The credentials are good, and the account is active.");
  return fault(
    code,
    "The account is not active.",
    "Look into your Space: a balance or a check is due.",
  );
}

async function numberFinding(settings: SignalWireSettings, number: string): Promise<Finding> {
  const code = "GATEWAY_NUMBER";
  const query = `/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(number)}`;
  const answer = await read(settings, query);
  if ("fault" in answer) return answer.fault;
  const { incoming_phone_numbers: listed } = (answer.json ?? {}) as {
    incoming_phone_numbers?: unknown;
  };
  if (answer.status !== 200 || !Array.isArray(listed)) {
    const what = "The token may not read the numbers: whether the number is yours was not checked.";
    return warning(code, what, "Look for it under Phone Numbers in your Space.");
  }
  type Listed = { phone_number?: unknown; capabilities?: { sms?: unknown } } | null;
  const own = (listed as Listed[]).find((each) => each?.phone_number === number);
  const fix = "Set SIGNALWIRE_NUMBER to a number of this project that can text.";
  if (own == null) return fault(code, "SIGNALWIRE_NUMBER is no number of this project.", fix);
  if (own.capabilities?.sms === false) return fault(code, "SIGNALWIRE_NUMBER can't text.", fix);
  return ok(code, "The number is the project's, and can text.");
}

/** One GET, bounded in time and size. It follows no redirect, and always checks the certificate. */
async function read(
  { base, project, token }: SignalWireSettings,
  rest: string,
): Promise<Answer | { fault: Finding }> {
  const path = `${base.pathname.replace(/\/$/, "")}/2010-04-01/Accounts/${project}${rest}`;
  const url = new URL(path, base);
  const { request } = url.protocol === "http:" ? http : https;
  const options = {
    auth: `${project}:${token}`,
    headers: { Accept: "application/json", "Accept-Encoding": "identity" },
    rejectUnauthorized: true,
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  };
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const asked = request(url, options, (response) => {
        answerOf(response).then(resolve, reject);
      });
      asked.on("error", reject);
      asked.end();
    });
  } catch (error) {
    return { fault: unreachable(wordOf(error)) };
  }
}

async function answerOf(response: http.IncomingMessage): Promise<Answer> {
  let text = "";
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > LONGEST_ANSWER) break;
  }
  const { date } = response.headers;
  const rest = {
    status: response.statusCode ?? 0,
    date: date === undefined ? date : Date.parse(date),
  };
  try {
    return { ...rest, json: JSON.parse(text) as unknown };
  } catch {
    return { ...rest, json: undefined };
  }
}

function unreachable(word: string): Finding {
  const code = "GATEWAY_UNREACHABLE";
  if (/CERT|SIGNATURE|SELF_SIGNED|TLS/.test(word)) {
    const what = `The gateway's certificate is not trusted (${word}).`;
    return fault(
      code,
      what,
      "A proxy in between may show its own: name its authority by NODE_EXTRA_CA_CERTS.",
    );
  }
  const what = `The gateway gave no answer within 5 seconds or closed the connection (${word}).`;
  return fault(code, what, "Check SIGNALWIRE_SPACE, DNS, and that https may leave this machine.");
}
