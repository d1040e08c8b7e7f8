/** Who uses the app: users, each with a number, one to change to, and a network. */

/** So many users. The two numbers of one end on other digits, by which events tell them apart. */
export function peopleOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    id: `user-${index}`,
    phone: `+1415${2_000_000 + index * 10}`,
    spare: `+1415${2_000_000 + index * 10 + 5}`,
    network: `10.1.${Math.floor(index / 250)}.${1 + (index % 250)}`,
  }));
}

/** Seconds that a code is good: short, so that some come too late. */
export const CODE_TTL = 20;

/** All their numbers. */
export function numbersOf(people) {
  return people.flatMap(({ phone, spare }) => [phone, spare]);
}
