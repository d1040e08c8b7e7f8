/** The entry point `express-sms-2fa/testing`: what the tests of an app with a second factor need. */

import "../testing/refuse-production";

export { counterSuite, type RunTest } from "../testing/counter-suite";
export {
  passSecondFactor,
  type AgentLike,
  type AnswerLike,
  type FetchLike,
  type PassOptions,
  type RequestContextLike,
  type ResponseLike,
} from "../testing/pass-second-factor";
export { testLimits } from "../testing/test-limits";
export { outbox, type TestOutbox } from "../testing/test-outbox";
export { failingSender, hangingSender, type Failure } from "../testing/test-senders";
