/** Says which passwords may be chosen, as NIST SP 800-63B-4 3.1.1.2 has it where a second factor follows. */

import { keyOf } from "./accounts";

const SHORTEST = 8;
const LONGEST = 256;

/** The rule in short, for whoever chooses one. */
export const PASSWORD_HINT = `${SHORTEST} characters or more, and none that many people have.`;

/** What is wrong with a new password for `name`, if something is. */
export function mistakeInPassword(password: string, name: string): string | undefined {
  const { length } = Array.from(password);
  if (length < SHORTEST || length > LONGEST) {
    return `The password must have ${SHORTEST} to ${LONGEST} characters`;
  }
  if (/^[\p{Z}\p{C}\p{DI}]*$/u.test(password)) return "The password must not be blank";
  const key = keyOf(password);
  if (key === keyOf(name)) return "The password must not be the name";
  if (/^(.)\1*$/su.test(key) || COMMON.has(key)) {
    return "Many people have this password, so it is guessed first. Choose another";
  }
  return undefined;
}

// In the order of what leaked most, the shorter ones left out.
const COMMON = new Set(
  `123456789 12345678 password qwerty123 1q2w3e4r 1234567890 password1 987654321 qwertyuiop 1q2w3e4r5t
  iloveyou 1qaz2wsx 123123123 abcd1234 princess sunshine football baseball password123 12341234 87654321
  q1w2e3r4 asdfghjkl 147258369 a123456789 123456789a qwer1234 qwerty12 qwerty1234 superman michelle jennifer
  zaq12wsx computer trustno1 welcome1 welcome123 letmein1 letmein123 admin123 admin1234 administrator changeme
  changeme1 starwars whatever dragon123 monkey123 master123 liverpool corvette mercedes internet facebook
  passw0rd p@ssw0rd p@ssword password! password12 password1234 12344321 11223344 11112222 12121212 123321123
  1234qwer 123qweasd 123qwe123 qweasdzxc asdfghjk asdf1234 zxcvbnm1 zxcvbnm123 1qazxsw2 qwertyui abcdefgh
  abc12345 abc123456 aa123456 aa12345678 iloveyou1 sunshine1 princess1 football1 baseball1 charlie1 pokemon1
  samsung1 secret123 test1234 testtest passpass 0987654321 0123456789 987654321a 88888888a 159357159 741852963`.split(
    /\s+/,
  ),
);
