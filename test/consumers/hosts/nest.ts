/** A NestJS app on Express: the session and the router for all of it, the guard at two controllers. */

import "reflect-metadata";
import {
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  Req,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type MiddlewareConsumer,
  type NestModule,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import type { Request, Response } from "express";
import session from "express-session";
import { twoFactor } from "express-sms-2fa";
import { outbox } from "express-sms-2fa/outbox";
import type { AddressInfo, Server } from "node:net";

declare module "express-session" {
  interface SessionData {
    user?: { id: string; phone: string };
  }
}

const texts = outbox({ print: false });
const { router, require2fa, reset } = twoFactor({
  secret: "a secret for the codes of this test, which is long",
  user: (req) => req.session.user,
  sender: texts,
  appName: "Acme",
});

/** The guard as Nest's own: where it refuses, it has answered already, and the promise stays open. */
@Injectable()
class Require2fa implements CanActivate {
  readonly #guard = require2fa({ maxAge: 600 });

  canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    return new Promise((resolve, reject) => {
      this.#guard(http.getRequest<Request>(), http.getResponse<Response>(), (error?: unknown) => {
        if (error === undefined) resolve(true);
        else reject(error as Error);
      });
    });
  }
}

@Controller()
class Visits {
  @Post("sign-in")
  signIn(@Req() req: Request): object {
    req.session.user = { id: "ann", phone: "+12025550123" };
    return {};
  }

  @Get("account")
  account(@Req() req: Request): object {
    return { account: req.session.user?.id };
  }

  @Get("by-nest-guard")
  @UseGuards(Require2fa)
  byNestGuard(@Req() req: Request): object {
    return { account: req.session.user?.id };
  }

  @Post("log-out")
  async logOut(@Req() req: Request): Promise<object> {
    await reset(req);
    await new Promise((resolve) => req.session.destroy(resolve));
    return {};
  }

  @Get("texts")
  texts(): object {
    return texts.messages;
  }
}

@Module({ controllers: [Visits], providers: [Require2fa] })
class Acme implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(require2fa()).forRoutes("account");
  }
}

const app = await NestFactory.create<NestExpressApplication>(Acme, { logger: ["error"] });
app.use(session({ secret: "for this test", resave: false, saveUninitialized: false }));
app.use("/2fa", router);
await app.listen(0, "127.0.0.1");
const server = app.getHttpServer() as Server;
process.send?.({ port: (server.address() as AddressInfo).port });
