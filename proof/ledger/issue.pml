/*
 * request-auth: servers that text one user in two sessions, while right answers give back what was booked.
 * Follows lib/flows/issuer.ts (`#issueIn`, `#send`, `#undelivered`), admission.ts (`admit`, `release`, `refund`) and
 * limits/send-limits.ts.
 *
 * Simpler than the code:
 * - Three counters stand for all: the session's cooldown, a budget that a right answer gives back ("user", as
 *   number, network, country and all are), and one that it does not ("day", as a number's day is).
 * - What a session holds is any challenge that was ever saved for it, or none: it is last-write-wins, so nothing that
 *   stands there may be relied on, and taking back what was written (`restore`) is left out.
 * - A request that finds its challenge used up or gone asks for a new one (`spent`): that is another server's request.
 * - What a refusal counts besides (`asked`) is left out: it never gives back, so it only makes budgets fuller.
 * - A server that dies is one that does not go on. What it wanted undone need not be undone.
 */

#ifndef SERVERS
#define SERVERS 3
#endif
#ifndef SESSIONS
#define SESSIONS 2
#endif

/* A step for each server, and the one that has sent a first text in the first session before. */
#define REQUESTS SERVERS
#define FIRST SERVERS
#define STEPS (SERVERS + 1)
/* A request that begins a challenge opens the record of its own number. */
#define RECORDS STEPS

#define COOLDOWN(s) (s)
#define USER 2
#define DAY 3
#define USED(i) (4 + (i))
#define COUNTERS (4 + RECORDS)
#define TAKEN (STEPS * COUNTERS)

#define MAX(k) (k == USER -> 2 : (k == DAY -> 3 : 1))
#define WINDOW(k) (k < 3 -> 1 : ENDLESS)
#define PAID bitOf(USER)
#define LIFE 2

byte sessionOf[STEPS];
bit saved[RECORDS];
/* Whether a step has booked a text since the last tick, in which no cooldown has ended. */
bit isRecent[STEPS];
byte verified[RECORDS];
byte texts;

#include "ledger.pml"

#define isAnswer(id) step[id].settles

inline onApplied(id) {
  if
  :: status == ok && isAnswer(id) -> property(undone_never_verifies, known[step[id].record] == applied)
  :: status == ok && !isAnswer(id) -> isRecent[id] = 1
  :: else
  fi
}

inline auditFlow() {
  skip
}

/* From here on it may arrive, whatever the gateway says, unless it says that it has surely not sent it. */
inline send(id) {
  reliedOn[id] = 1;
  texts++;
  property(saved_before_sent, saved[step[id].record]);
  property(told_was_counted, known[id] == applied);
  property(texts_within_budget, texts <= MAX(DAY));
  j = 0;
  do
  :: j < STEPS ->
     property(one_text_at_once,
       j == id || !reliedOn[j] || !isRecent[j] || !isRecent[id] || sessionOf[j] != sessionOf[id]);
     j++
  :: else -> break
  od;
  j = 0
}

proctype Server(byte id) {
  byte i;
  mtype said;

  atomic {
    hasTurn(id) ->
    begun = id;
    if
    /* A new challenge, in either session. */
    :: i = id;
       sessionOf[id] = 0
#if SESSIONS > 1
    :: i = id;
       sessionOf[id] = 1
#endif
    /* One that was saved: its code is sent again, or answered. */
    :: i = FIRST
    :: id > 0 && saved[0] -> i = 0
    :: id > 1 && saved[1] -> i = 1
    fi;
    step[id].record = i;
    step[id].needs = (i != id);
    sessionOf[id] = (i == id -> sessionOf[id] : sessionOf[i]);
    if
    :: step[id].takes = bitOf(USER) | bitOf(DAY) |
#ifdef COOLDOWN_OUTSIDE_OF_THE_STEP
       0;
       count[COOLDOWN(sessionOf[id])] == 0;
#else
       bitOf(COOLDOWN(sessionOf[id]));
#endif
       step[id].checks = (i == id -> 0 : bitOf(USED(i)))
    :: i != id ->
       step[id].takes = bitOf(USED(i));
       step[id].settles = 1
    fi;
    ask(id, said)
  }
  do
  :: atomic { said == unheard -> askAgain(id, said) }
  :: atomic {
       isApplied(said) && !isAnswer(id) ->
#ifndef SENDS_BEFORE_SAVING
       saved[i] = 1;
#endif
       break
     }
#ifdef SENDS_ON_A_LOST_ANSWER
  :: atomic {
       said == lost && !isAnswer(id) ->
       saved[i] = 1;
       break
     }
#endif
  :: atomic {
       said != unheard ->
       if
       :: isApplied(said) && isAnswer(id) ->
          if
          :: property(told_was_counted, known[id] == applied);
             reliedOn[id] = 1;
             verified[i] = verified[i] + 1;
             property(one_verifies, verified[i] <= 1)
          :: toUndo[id] = 1
          fi
       /* It was not saved, or it was and nobody knows; or the app or the client wants no text any more. */
       :: isApplied(said) && !isAnswer(id) -> toUndo[id] = 1
       :: isApplied(said) && !isAnswer(id) ->
          toUndo[id] = 1;
          saved[i] = 1
       :: else
       fi;
       goto done
     }
  od;
  atomic {
    if
    :: send(id);
#ifdef GIVES_BACK_ON_DOUBT
       toUndo[id] = 1
#endif
#ifdef COOLDOWN_OUTSIDE_OF_THE_STEP
       if
       :: count[COOLDOWN(sessionOf[id])] == 0 ->
          beginWindow(COOLDOWN(sessionOf[id]));
          count[COOLDOWN(sessionOf[id])] = 1;
          raised[COOLDOWN(sessionOf[id])] = 1
       :: else
       fi
#endif
    /* Surely refused: no text has left. */
    :: toUndo[id] = 1
    fi;
done:
    said = 0;
    i = 0
  }
}

proctype World() {
  byte i;

end:
  do
  :: atomic {
       tick();
       d_step {
         j = 0;
         do
         :: j < STEPS -> isRecent[j] = 0; j++
         :: else -> break
         od;
         j = 0
       }
     }
  :: arrive(i)
  od
}

init {
  atomic {
    step[FIRST].record = FIRST;
    step[FIRST].takes = bitOf(COOLDOWN(0)) | bitOf(USER) | bitOf(DAY);
    apply(FIRST);
    saved[FIRST] = 1;
    send(FIRST);
    run World();
    byte s = 0;
    do
    :: s < SERVERS -> run Server(s); s++
    :: else -> break
    od
  }
}
