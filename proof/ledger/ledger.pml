/*
 * The ledger as the flows see it: counters and records that steps change as a whole or not at all, a clock,
 * and a network between. Included by the models of the flows, which name the counters.
 *
 * Follows lib/ledger/memory.ts (`step`, `#apply`, `#settle`, `#undo`), and so redis-script.ts and
 * postgres-function.ts, which must do the same (test/ledger runs one suite against all three). One application is one
 * `d_step`: a synchronous pass, a script, or a function that holds the locks of all that it touches.
 *
 * Simpler than the code:
 * - Time is counted in ticks, by what is left of each window. A window that has none left is no window.
 * - What a step took is known for ever, not only until the record ends. A step that arrives later than
 *   that finds no record, or takes what nobody gives back: it locks, it never opens.
 * - `peek` and `proof` are left out: they only read. All shares are the limits themselves.
 * - The names of counters, which keep users, numbers and apps apart, are fixed.
 */

#define ENDLESS 255

/* What an application comes to; `unheard`: its answer got lost; `lost`: the process waits no more. */
mtype = { ok, again, refused, gone, undone, unheard, lost };
#define isApplied(said) (said == ok || said == again)
/* What the ledger knows of a step. */
mtype = { unknown, applied, undoing };

#define bitOf(c) (1 << (c))
#define has(set, c) (((set) >> (c)) & 1)
/* The name is for whoever reads, and for `check`. */
#define property(name, holds) assert(holds)

typedef Step {
  byte record;
  bit needs; /* mode "need"; else "open" */
  short takes; /* sets of counters, as bits */
  short checks;
  short clears;
  short notes;
  bit settles
};

Step step[STEPS];
mtype known[STEPS] = unknown;
/* By step and counter: the window that it took from, 0 once it was given back. */
byte took[TAKEN];
#define tookFrom(id, c) took[(id) * COUNTERS + (c)]

byte count[COUNTERS];
byte left[COUNTERS]; /* ticks */
byte stamp[COUNTERS]; /* which window: the object in memory, the end in microseconds elsewhere */
byte raised[COUNTERS]; /* how many of a count no step can give back: notes, and what `set` has raised */

byte openFor[RECORDS]; /* ticks */
byte openedBy[RECORDS];

/* The network: what may still arrive, any number of times, and what a process wants undone. */
bit underWay[STEPS];
bit toUndo[STEPS];
/* Servers are alike, so they may begin in one order: fewer states. */
byte begun;
/* No part of the ledger: whose outcome was told to a client, or has let a text go; and what was undone. */
bit reliedOn[STEPS];
bit wasUndone[STEPS];

#ifndef STRIDE
#define STRIDE 1
#endif
#define hasTurn(first) (begun + STRIDE >= first)

hidden mtype status;
hidden short fulls;
hidden byte c, j, n, wanted, taken, outstanding;

inline beginWindow(k) {
  stamp[k] = stamp[k] + 1;
  left[k] = WINDOW(k);
  raised[k] = 0
}

/* No later window is the same, so what was taken from this one needs no more to be known: fewer states. */
inline endWindow(k) {
  count[k] = 0;
  left[k] = 0;
  raised[k] = 0;
#ifndef GIVES_BACK_TO_ANY_WINDOW
  stamp[k] = 0;
  n = 0;
  do
  :: n < STEPS -> tookFrom(n, k) = 0; n++
  :: else -> break
  od;
  n = 0
#endif
}

/* To the window that paid, if it is still the same, and not once more. */
inline giveBack(by, k) {
  if
  :: tookFrom(by, k) != 0 ->
     if
#ifdef GIVES_BACK_TO_ANY_WINDOW
     :: count[k] > 0 ->
#else
     :: count[k] > 0 && tookFrom(by, k) == stamp[k] ->
#endif
        count[k] = count[k] - 1;
        if
        :: count[k] == 0 -> endWindow(k)
        :: else
        fi
     :: else
     fi;
#ifndef GIVES_BACK_TWICE
     tookFrom(by, k) = 0
#endif
  :: else
  fi
}

/* What is counted in each live window is what steps have taken there and not got back, no more and no less. */
inline audit() {
  c = 0;
  do
  :: c < COUNTERS ->
     outstanding = 0;
     j = 0;
     do
     :: j < STEPS ->
        if
        :: tookFrom(j, c) != 0 && tookFrom(j, c) == stamp[c] -> outstanding++
        :: else
        fi;
        j++
     :: else -> break
     od;
     property(counted_is_taken, count[c] == 0 || count[c] == raised[c] + outstanding);
     property(within_the_limit, count[c] <= MAX(c));
     c++
  :: else -> break
  od;
  c = 0;
  j = 0;
  outstanding = 0;
  auditFlow()
}

/* Applies a step; `status` and `fulls` are the answer, for whoever hears it. */
inline apply(id) {
  d_step {
    status = ok;
    fulls = 0;
    if
    :: known[id] == undoing -> status = undone
#ifndef COUNTS_AGAIN
    :: known[id] == applied -> status = again
#endif
    :: else ->
       if
#ifndef NEEDS_NO_RECORD
       :: step[id].needs && openFor[step[id].record] == 0 -> status = gone
#endif
       :: else
       fi
    fi;
    c = 0;
    do
    :: c < COUNTERS ->
       if
       :: has(step[id].takes | step[id].checks, c) && count[c] >= MAX(c) -> fulls = fulls | bitOf(c)
       :: else
       fi;
       c++
    :: else -> break
    od;
    if
    :: status == ok && fulls != 0 -> status = refused
    :: else
    fi;
    wanted = 0;
    taken = 0;
    c = 0;
    do
    :: c < COUNTERS && (status == ok || status == refused) ->
       if
       :: has(step[id].takes, c) ->
          wanted++;
          if
#ifdef TAKES_WHAT_FITS
          :: count[c] < MAX(c) ->
#else
          :: status == ok ->
#endif
             taken++;
             if
             :: count[c] == 0 -> beginWindow(c)
             :: else
             fi;
             count[c] = count[c] + 1;
             tookFrom(id, c) = stamp[c]
          :: else
          fi
       :: has(step[id].clears, c) && status == ok -> endWindow(c)
       :: has(step[id].notes, c) && status == ok && count[c] == 0 ->
          beginWindow(c);
          count[c] = 1;
          raised[c] = 1
       :: else
       fi;
       c++
    :: else -> break
    od;
    property(all_or_none, taken == 0 || (taken == wanted && status == ok));
    if
    :: status == ok ->
       property(undone_is_never_applied, !wasUndone[id]);
       known[id] = applied;
       if
       :: !step[id].needs && openFor[step[id].record] == 0 ->
          openFor[step[id].record] = LIFE;
          openedBy[step[id].record] = id
       :: else
       fi;
       if
       :: step[id].settles -> settle(step[id].record)
       :: else
       fi
    :: else
    fi;
    settled(id);
    onApplied(id);
    audit();
    wanted = 0;
    taken = 0
  }
}

/* A copy of a step that is known changes nothing, and neither does a second undoing: fewer states. */
inline settled(id) {
  if
  :: known[id] == applied || known[id] == undoing ->
#ifndef COUNTS_AGAIN
     underWay[id] = 0;
#endif
     if
     :: known[id] == undoing -> toUndo[id] = 0
     :: else
     fi
  :: else
  fi
}

/* Gives back what the steps under a record have paid. */
inline settle(under) {
  j = 0;
  do
  :: j < STEPS ->
     if
     :: known[j] == applied && step[j].record == under ->
        c = 0;
        do
        :: c < COUNTERS ->
           if
           :: has(PAID, c) -> giveBack(j, c)
           :: else
           fi;
           c++
        :: else -> break
        od
     :: else
     fi;
     j++
  :: else -> break
  od
}

/* Gives back all that a step took, and closes the record that it opened. One that comes later is refused. */
inline undo(id) {
  d_step {
    property(relied_on_is_never_undone, !reliedOn[id]);
    c = 0;
    do
    :: c < COUNTERS ->
       giveBack(id, c);
       c++
    :: else -> break
    od;
    if
    :: known[id] == applied && openedBy[step[id].record] == id && !step[id].needs ->
       openFor[step[id].record] = 0
    :: else
    fi;
    wasUndone[id] = 1;
#ifdef LEAVES_NO_TOMBSTONE
    known[id] = unknown;
#else
    known[id] = undoing;
#endif
    settled(id);
    audit()
  }
}

/*
 * Asks the ledger, and hears of it in time; or a client that has lost its connection sends the step again, another
 * copy being under way or applied; or nothing was heard of it in time, and it is to be undone.
 */
inline ask(id, said) {
  if
  :: apply(id);
     said = status
  :: underWay[id] = 1;
     apply(id);
     said = status
  :: apply(id);
     said = (status == ok -> unheard : status)
  :: underWay[id] = 1;
     toUndo[id] = 1;
     said = lost
  fi
}

inline askAgain(id, said) {
  apply(id);
  said = status
}

/* One of the steps that are under way arrives, or one is undone. */
inline arrive(i) {
  atomic {
    i = 0;
    do
    :: i < REQUESTS - 1 -> i++
    :: break
    od;
    if
    :: underWay[i] -> apply(i)
    :: toUndo[i] -> undo(i)
    :: else
    fi;
    i = 0
  }
}

/* One tick: all that has an end comes nearer to it. */
inline tick() {
  d_step {
    c = 0;
    do
    :: c < COUNTERS ->
       if
       :: left[c] == 1 -> endWindow(c)
       :: left[c] > 1 && left[c] != ENDLESS -> left[c] = left[c] - 1
       :: else
       fi;
       c++
    :: else -> break
    od;
    c = 0;
    do
    :: c < RECORDS ->
       if
       :: openFor[c] > 0 -> openFor[c] = openFor[c] - 1
       :: else
       fi;
       c++
    :: else -> break
    od;
    c = 0
  }
}
