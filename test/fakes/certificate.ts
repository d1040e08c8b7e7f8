/** A certificate that a test's own TLS server shows. */

import { createSign, generateKeyPairSync } from "node:crypto";

/** A new key, and the least certificate for it that who trusts it takes for 127.0.0.1 (RFC 5280). */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  const text = (tag: number, value: string) => der(tag, Buffer.from(value, "latin1"));
  const ecdsaWithSha256 = der(0x30, Buffer.from("06082a8648ce3d040302", "hex"));
  const commonName = Buffer.from("0603550403", "hex");
  const name = der(0x30, der(0x31, der(0x30, commonName, text(0x0c, "127.0.0.1"))));
  const validity = der(0x30, text(0x17, "200101000000Z"), text(0x17, "491231235959Z"));
  const key = publicKey.export({ type: "spki", format: "der" });
  const serial = der(0x02, Buffer.from([1]));
  const version3 = der(0xa0, der(0x02, Buffer.from([2])));
  const address = der(0x04, der(0x30, der(0x87, Buffer.from([127, 0, 0, 1]))));
  const alternativeNames = der(0x30, Buffer.from("0603551d11", "hex"), address);
  const extensions = der(0xa3, der(0x30, alternativeNames));
  const content = der(
    0x30,
    version3,
    serial,
    ecdsaWithSha256,
    name,
    validity,
    name,
    key,
    extensions,
  );
  const signature = createSign("sha256").update(content).sign(privateKey);
  const signed = der(0x03, Buffer.from([0]), signature);
  const certificate = der(0x30, content, ecdsaWithSha256, signed).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
}
