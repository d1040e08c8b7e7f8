/** An outbox that tells a test the code it waits for. */

import { named } from "../delivery/route";
import { markFactory, serving, type Message } from "../delivery/sender";
import { outbox as plainOutbox, type Outbox, type OutboxMessage } from "../senders/outbox";

/** A sender that keeps the texts, and finds the codes in them. */
export interface TestOutbox extends Outbox {
  /** The code of the last text or call to a number, E.164. Throws where there was none. */
  codeFor(number: string): string;
  /**
   * Resolves with the code of the next text or call to a number, E.164: for code that runs beside the test, such as
   * a browser. Rejects after `timeout` milliseconds. @default 5000
   */
  nextCode(number: string, options?: { timeout?: number }): Promise<string>;
}

interface Waiting {
  number: string;
  resolve: (code: string) => void;
}

/** Makes an outbox for tests: silent, and roomy. */
export function outbox(): TestOutbox {
  const kept = plainOutbox({ size: 10_000, print: false });
  const waiting = new Set<Waiting>();
  const send = (message: Message): void => {
    kept(message);
    for (const each of waiting) {
      if (each.number !== message.to) continue;
      waiting.delete(each);
      each.resolve(message.code);
    }
  };
  return Object.defineProperties(serving(kept.channels, named("outbox", send)), {
    messages: { get: (): readonly OutboxMessage[] => kept.messages, enumerable: true },
    clear: {
      value: () => {
        kept.clear();
      },
      enumerable: true,
    },
    codeFor: { value: (number: string) => codeFor(kept.messages, number), enumerable: true },
    nextCode: {
      value: async (number: string, { timeout = 5000 } = {}) =>
        new Promise<string>((resolve, reject) => {
          const each: Waiting = {
            number,
            resolve: (code) => {
              clearTimeout(timer);
              resolve(code);
            },
          };
          const timer = setTimeout(() => {
            waiting.delete(each);
            reject(new Error(`No text to ${number} within ${timeout} ms.`));
          }, timeout);
          waiting.add(each);
        }),
      enumerable: true,
    },
  }) as TestOutbox;
}

markFactory(outbox);

function codeFor(messages: readonly OutboxMessage[], number: string): string {
  const found = messages.findLast(({ to }) => to === number);
  if (found !== undefined) return found.code;
  const others = [...new Set(messages.map(({ to }) => to))].join(", ");
  throw new Error(
    `No text has gone to ${number}: ${others === "" ? "none has gone anywhere" : `there are some to ${others}`}.`,
  );
}
