/*
 * validate-auth: servers that check answers to two challenges of one user, each in one step of the ledger.
 * Follows lib/flows/verifier.ts (`#right`, `#verify`, `#wrong`, `#answerAgain`), limits/attempts.ts and lockout.ts.
 *
 * Simpler than the code:
 * - What a session holds is any of the challenges that it has ever held: it is last-write-wins, so nothing
 *   that stands in it may be relied on. So nothing is written there but a mark.
 * - "Wrong" and "right" are chosen, not derived. A refusal that goes on with the rest of the challenges
 *   (`#exhausted`) is another answer, by another process.
 * - No server looks at its clock, which may be late by any time: what ends a challenge is its record alone.
 * - A process that dies is one that does not go on. What it wanted undone need not be undone.
 */

#ifndef SERVERS
#define SERVERS 3
#endif
#ifndef CHALLENGES
#define CHALLENGES 2
#endif

#define REQUESTS SERVERS
/* The last two have sent the texts of the two challenges. */
#define STEPS (REQUESTS + 2)
#define RECORDS 2

#define ATTEMPTS(i) (i)
#define USED(i) (2 + (i))
/* Of the first challenge; the second one's session never logs out. */
#define DROPPED 4
#define FAILURES 5
#define ROW 6
#define TEXTS 7
#define COUNTERS 8
#define TAKEN (STEPS * COUNTERS)

#define MOST_ATTEMPTS 2
#define MOST_FAILURES 2
#define MOST_IN_A_ROW 3
#define MAX(k) (k < 2 -> MOST_ATTEMPTS : (k < 5 -> 1 : (k == FAILURES -> MOST_FAILURES : (k == ROW -> MOST_IN_A_ROW : 2))))
/* A code's life and the margin. */
#define LIFE 2
/* What is counted for a challenge outlives its record, after which no step reaches it: it may as well be endless. */
#define WINDOW(k) (k == FAILURES || k == TEXTS -> 1 : ENDLESS)
#define PAID bitOf(TEXTS)

/* What is known outside: how many outcomes were told, and successes, for each challenge. */
byte told[2];
byte verified[2];
bit isLoggedOut;
bit isEmptied;
/* Wrong answers that were counted after the last right code. */
bit sinceRight[STEPS];
/* Ticks since the code was made. */
byte age[2];

#include "ledger.pml"

#define isRight(id) step[id].settles
#define isWrong(id) has(step[id].takes, ROW)

inline onApplied(id) {
  if
  :: status == ok && isRight(id) ->
     property(expired_never_verifies, age[step[id].record] < LIFE);
     property(logged_out_never_verifies, step[id].record == 1 || !isLoggedOut);
     j = 0;
     do
     :: j < STEPS -> sinceRight[j] = 0; j++
     :: else -> break
     od
  :: status == ok && isWrong(id) -> sinceRight[id] = 1
  :: else
  fi
}

/* Failures in a row are never fewer than the wrong answers told since a right code. */
inline auditFlow() {
  outstanding = 0;
  j = 0;
  do
  :: j < STEPS ->
     if
     :: sinceRight[j] && reliedOn[j] -> outstanding++
     :: else
     fi;
     j++
  :: else -> break
  od;
  property(row_is_kept, count[ROW] >= outstanding);
  outstanding = 0;
  j = 0
}

inline tell(id, i) {
  property(told_was_counted, known[id] == applied || isEmptied);
  reliedOn[id] = 1;
  told[i] = told[i] + 1;
  property(attempts_bound_answers, told[i] <= MOST_ATTEMPTS)
}

/* A block that has just begun is made longer: another window, to which nothing is given back that was taken before. */
inline lengthen() {
  d_step {
    endWindow(FAILURES);
    beginWindow(FAILURES);
    left[FAILURES] = 2;
    count[FAILURES] = MOST_FAILURES;
    raised[FAILURES] = MOST_FAILURES;
    audit()
  }
}

proctype Server(byte id) {
  byte i;
  mtype said;
  bit isLast;

  atomic {
    hasTurn(id) ->
    begun = id;
    if
    :: i = 0
#if CHALLENGES > 1
    :: i = 1
#endif
    fi;
    step[id].record = i;
    step[id].needs = 1;
    if
    /* The right code. */
    :: step[id].takes = bitOf(ATTEMPTS(i)) | bitOf(USED(i));
       step[id].checks = bitOf(FAILURES) | bitOf(ROW);
       step[id].clears = bitOf(FAILURES) | bitOf(ROW);
       step[id].settles = 1;
#ifndef IGNORES_LOG_OUT
       step[id].checks = step[id].checks | (i == 0 -> bitOf(DROPPED) : 0);
#endif
#ifdef RIGHT_ANSWER_IS_NO_ATTEMPT
       step[id].takes = bitOf(USED(i));
#endif
#ifdef CLAIMS_IN_A_SECOND_STEP
       step[id].takes = bitOf(ATTEMPTS(i));
       step[id].checks = step[id].checks | bitOf(USED(i));
#endif
    /* A wrong code. */
    :: step[id].takes = bitOf(ATTEMPTS(i)) | bitOf(FAILURES) | bitOf(ROW)
    /* Any code, in a session that this challenge has verified. */
    :: verified[i] > 0 -> step[id].takes = bitOf(ATTEMPTS(i))
    fi;
    ask(id, said);
    isLast = isApplied(said) && isWrong(id) && count[FAILURES] == MOST_FAILURES
  }
  do
  :: atomic {
       said == unheard ->
       askAgain(id, said);
       isLast = isApplied(said) && isWrong(id) && count[FAILURES] == MOST_FAILURES
     }
  /* Before anybody is told of it; or never, and then nobody is. */
  :: atomic {
       isLast ->
       isLast = 0;
       lengthen()
     }
  :: atomic {
       said != unheard && !isLast ->
       if
       :: isApplied(said) && isRight(id) ->
          if
          /* The session is renewed and saved, then the answer is given. */
          :: tell(id, i);
#ifdef CLAIMS_IN_A_SECOND_STEP
             beginWindow(USED(i));
             count[USED(i)] = 1;
             raised[USED(i)] = 1;
#endif
             verified[i] = verified[i] + 1;
             property(one_verifies, verified[i] <= 1)
          /* It could not be, so nobody is let in. */
          :: toUndo[id] = 1
          fi
       :: isApplied(said) && !isRight(id) -> tell(id, i)
#ifdef TELLS_BEFORE_COUNTING
       :: said == lost || said == refused -> tell(id, i)
#endif
#ifdef CLEARS_FAILURES_ON_EXPIRY
       :: said == gone ->
          endWindow(FAILURES);
          endWindow(ROW);
          audit()
#endif
       :: else
       fi;
       said = 0;
       i = 0;
       break
     }
  od
}

proctype World() {
  byte i;

end:
  do
  :: atomic {
       tick();
       d_step {
         if
         :: age[0] < LIFE -> age[0] = age[0] + 1
         :: else
         fi;
         if
         :: age[1] < LIFE -> age[1] = age[1] + 1
         :: else
         fi
       }
     }
  :: arrive(i)
  /* The first challenge's session logs out: a step that notes it, applied and told of. */
  :: d_step {
       !isLoggedOut && !isEmptied ->
       isLoggedOut = 1;
       beginWindow(DROPPED);
       count[DROPPED] = 1;
       raised[DROPPED] = 1
     }
  /* The store is emptied, once. */
  :: d_step {
       !isEmptied && !isLoggedOut ->
       isEmptied = 1;
       i = 0;
       do
       :: i < COUNTERS -> endWindow(i); i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < STEPS ->
          known[i] = unknown;
          sinceRight[i] = 0;
          reliedOn[i] = 0;
          wasUndone[i] = 0;
          toUndo[i] = 0;
          i++
       :: else -> break
       od;
       openFor[0] = 0;
       openFor[1] = 0;
       i = 0
     }
  od
}

init {
  atomic {
    step[REQUESTS].record = 0;
    step[REQUESTS].takes = bitOf(TEXTS);
    apply(REQUESTS);
    step[REQUESTS + 1].record = 1;
    step[REQUESTS + 1].takes = bitOf(TEXTS);
    apply(REQUESTS + 1);
    run World();
    byte s = 0;
    do
    :: s < SERVERS -> run Server(s); s++
    :: else -> break
    od
  }
}
