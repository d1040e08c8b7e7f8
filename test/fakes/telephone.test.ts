/** The fake telephone does as the gateways document it: keys, silence, and what is no document. */

import { readDocument } from "../../lib/fake-signalwire/call-document";
import { answerCall } from "./telephone";

const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const GATED = `${XML}<Response><Gather finishOnKey="4" numDigits="2" timeout="9" action="https://a.example/">
  <Say language="en-US">Press 4.</Say><Pause length="1"/><Say language="en-US">Do.</Say></Gather
><Say language="en-US">It&#39;s 1 &amp; 2.</Say><Hangup/><Say>Never.</Say></Response>`;

test.each<[string, string, Partial<ReturnType<typeof answerCall>>]>([
  [
    "the key alone leads on, and ends what is said",
    "4",
    { said: ["en-US: Press 4.", "en-US: It's 1 & 2."] },
  ],
  ["silence leads on once the time is out", "", { waited: 9, wentTo: undefined }],
  ["another key before it leads to the action", "54", { wentTo: "https://a.example/" }],
  ["as many keys as are asked for do too", "99", { wentTo: "https://a.example/" }],
])("%s", (_what, keys, heard) => {
  expect(answerCall(GATED, keys)).toMatchObject(heard);
});

test.each([
  "",
  "<Response/>",
  `${XML}<Response>`,
  `${XML}<Response></Say></Response>`,
  `${XML}<Say>Hi</Say>`,
  `${XML}<Response/><Response/>`,
  `${XML}<Response><Shout/></Response>`,
  `${XML}<Response><Say>A & B</Say></Response>`,
  `${XML}<Response><Say>\u0000</Say></Response>`,
  `${XML}<Response><Say a=b>x</Say></Response>`,
])("%j is no document", (xml) => {
  expect(() => readDocument(xml)).toThrow();
});
