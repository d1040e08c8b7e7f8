/*
 * The lock-out: servers that answer wrongly and rightly for one user without end, and a clock that goes on.
 * Follows lib/limits/lockout.ts (`count`, `check`, `lengthen`) and verifier.ts (`#wrong`, `#right`).
 *
 * Simpler than the code:
 * - No steps with ids, for there is no end to them: what was told of them stands in the other models. An undoing gives a
 *   failure back, or not, to the window that is live.
 * - Blocks double once, not up to an hour.
 * - That so many failures in a row switch the factor off has no end but `unlock()`, and is meant so. Here support
 *   may unlock at any time, or never.
 * - Fair: the clock goes on. The servers need not.
 */

#define SERVERS 3
#define MOST_FAILURES 2
#define MOST_IN_A_ROW 6
#define WINDOW 2

byte failures;
byte left;
byte row;

#define isBlocked (failures >= MOST_FAILURES)
#define isOff (row >= MOST_IN_A_ROW)

inline forget() {
  failures = 0;
  left = 0
}

proctype Server() {
  byte length;

  do
  /* A wrong code. */
  :: atomic {
       !isBlocked && !isOff ->
       if
       :: failures == 0 -> left = WINDOW
       :: else
       fi;
       failures++;
       row++;
       if
       :: isBlocked -> length = (row > MOST_FAILURES -> 2 * WINDOW : WINDOW)
       :: else
       fi
     }
  /* One that is refused. */
  :: isBlocked || isOff ->
#ifdef REFUSALS_PROLONG
     left = WINDOW
#else
     skip
#endif
  /* The one that began a block makes it longer, at once or later: never shorter. */
  :: atomic {
       length > 0 ->
       if
       :: failures < MOST_FAILURES -> failures = MOST_FAILURES
       :: else
       fi;
       if
       :: left < length -> left = length
       :: else
       fi;
#ifndef LENGTHENS_AGAIN
       length = 0
#endif
     }
  /* Its answer got lost, or its server has died: nobody makes it longer. */
  :: length > 0 -> length = 0
  /* An undoing. */
  :: atomic {
       failures > 0 && row > 0 ->
       failures--;
       row--;
       if
       :: failures == 0 -> left = 0
       :: else
       fi
     }
  /* The right code. */
  :: atomic {
       !isBlocked && !isOff ->
       forget();
       row = 0
     }
  /* `unlock()`. */
  :: atomic {
       isBlocked || isOff ->
       forget();
       row = 0
     }
  od
}

proctype Clock() {
  do
  :: atomic {
       if
       :: left == 1 -> forget()
       :: left > 1 -> left--
       :: else
       fi
     }
  od
}

init {
  atomic {
    run Clock();
    byte s = 0;
    do
    :: s < SERVERS -> run Server(); s++
    :: else -> break
    od
  }
}

ltl lockout_ends { [] (isBlocked -> <> !isBlocked) }
