/** A real nginx of the test's own, with the demo's configuration, on a free port of the loopback interface. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort, start, temporaryFolder, untilReady } from "./process";

const CONFIGURATION = join(__dirname, "../../demo-app/deploy/nginx.conf");

export interface Nginx {
  port: number;
  url: string;
  /** What was asked for since the last call, and the port of the process that each was handed to. */
  served: () => { method: string; path: string; port: number }[];
  close: () => Promise<void>;
}

/** Starts nginx in front of these ports, with nothing of its configuration changed but where it stands. */
export async function startNginx(ports: number[]): Promise<Nginx> {
  const port = await freePort();
  const folder = temporaryFolder();
  const log = join(folder.path, "log");
  writeFileSync(join(folder.path, "nginx.conf"), frameOf(folder.path));
  writeFileSync(join(folder.path, "demo.conf"), placed(port, ports));
  const command = ["/usr/sbin/nginx", "nginx"].find((name) => existsSync(name)) ?? "nginx";
  const options = ["-p", folder.path, "-c", join(folder.path, "nginx.conf"), "-e", "stderr"];
  const running = start(command, options);
  await untilReady(running, () => answersAt(port));
  let read = 0;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    served: () => {
      const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
      const fresh = lines.slice(read);
      read = lines.length;
      return fresh.map((line) => {
        const [method = "", path = "", address = ""] = line.split(" ");
        return { method, path, port: Number(address.split(":").at(-1)) };
      });
    },
    close: async () => {
      await running.end("SIGTERM");
      folder.remove();
    },
  };
}

/** The configuration, at this port and with these in place of the replicas' name. */
function placed(port: number, ports: number[]): string {
  const text = readFileSync(CONFIGURATION, "utf8");
  const [replicas = ""] = /^ *server demo:5000[^;]*;$/m.exec(text) ?? [];
  const [listening = ""] = /^ *listen 8080;$/m.exec(text) ?? [];
  if (replicas === "" || listening === "") throw new Error("The configuration names other places.");
  return text
    .replace(listening, listening.replace("8080", `127.0.0.1:${port}`))
    .replace(
      replicas,
      ports.map((each) => replicas.replace("demo:5000", `127.0.0.1:${each}`)).join("\n"),
    );
}

function frameOf(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `
    daemon off;
    worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    pid ${folder}/pid;
    events {}
    http {
      ${temporary.join("\n")}
      log_format served "$request_method $uri $upstream_addr";
      access_log ${folder}/log served;
      include ${folder}/demo.conf;
    }
  `;
}

function answersAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
