/** Serves an app that saves numbers, behind helmet, for the browser tests of the number page. */

import helmet from "helmet";
import type { Page } from "playwright-core";
import type { PagesOptions, Sender, TwoFactorOptions } from "../../lib";
import { serve, type Served } from "../fakes/app";

export const NEW = "+12025550177";
export const NUMBER = "/2fa/number?returnTo=%2Fprivate%3Fid%3D7";
const MANY = { max: 1000, window: 60 };
export const LIMITS = { user: MANY, number: MANY, network: MANY };

/** What can be different. */
export interface NumbersOptions {
  pages?: PagesOptions;
  options?: Partial<Omit<TwoFactorOptions, "user" | "pages">>;
}

/** A served app, its numbers on record and what was done to them. */
export interface Numbers extends Served {
  /** By user id: all sessions see the same. */
  phones: Map<string, string>;
  saved: string[];
  /** Takes a text from here on in the place of the app's own sender. */
  sendBy: (sender: Sender) => void;
  /** Lets no number be saved from here on. */
  failSaves: () => void;
}

/** Serves it until the test ends. */
export async function serveNumbers({ pages, options }: NumbersOptions = {}): Promise<Numbers> {
  const phones = new Map<string, string>();
  const saved: string[] = [];
  let sender: Sender | undefined;
  let hasRoom = true;
  const served: Served = await serve({
    user: ({ session }) => {
      const id = session.user?.id as string | undefined;
      return id === undefined ? null : { id, phone: phones.get(id) ?? null };
    },
    before: (app) => {
      app.use(helmet());
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
      app.get("/bye", (_req, res) => res.send("Bye"));
      app.post("/log-out", (req, res, next) => {
        req.session.destroy((error: unknown) => {
          if (error === undefined || error === null) res.redirect(303, "/bye");
          else next(error);
        });
      });
    },
    options: {
      limits: LIMITS,
      ...options,
      sender: (message) => {
        served.sent.push(message);
        return sender?.(message);
      },
      pages: {
        logOutPath: "/log-out",
        supportUrl: "/help",
        endSessionsPath: "/bye",
        savePhone: ({ session }, phone) => {
          if (!hasRoom) throw new Error("no room");
          saved.push(phone);
          phones.set(String(session.user?.id), phone);
        },
        ...pages,
      },
    },
  });
  const sendBy = (given: Sender) => {
    sender = given;
  };
  const failSaves = () => {
    hasRoom = false;
  };
  return { ...served, phones, saved, sendBy, failSaves };
}

/** Puts a text into the clipboard, and from there into a field, as a person does. */
export async function paste(page: Page, id: string, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.locator(id).press("Control+V");
}
