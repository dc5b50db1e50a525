"""All runs of a pushdown automaton at once: Lang's algorithm, step by step.

Moment 1 is the start, moment t + 1 comes after symbol t; moment 0 stands below the bottom of the
stack. For every earlier moment i, the weight of the runs from i to j that leave exactly one symbol
on top of what lay there at i is a block [QX, QX] of logarithms: from the pair of state and top
symbol at i to that at j (DuSell, Chiang 2022, arXiv 2109.01982; the bottom as in arXiv 2210.01343).
Time grows with the third power of the string, room with the second.

The numbers of moment j stand behind those of all earlier ones: the weight of all runs by their last
pair [QX], then its blocks with the moments 0 ... j - 1, as [QX, QX, j]: what is the same for all of
them is done to many at a time. A moment is never changed again.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.exponential import FLOAT32, FLOAT64, write_exp
from countviz.arithmetic.half import lower
from countviz.arithmetic.instructions import at_least, at_most, borrowing, constant
from countviz.arithmetic.number import exp, log, zero_like
from countviz.arithmetic.precision import Precision
from countviz.engine.stack import project

NEVER = -1e30  # the logarithm of the weight of no run at all


class PackedAutomaton(NamedTuple):
    """A model's parameters as the loops want them: those of ``Packed``, and the automaton's."""

    inputs: np.ndarray  # [V, G H]  W_ih x + b_ih
    recurrent: np.ndarray  # [H, G H]  W_hh transposed
    bias: np.ndarray  # [G H]  b_hh
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]
    reading: np.ndarray  # [QX, G H]  what the share of every pair feeds
    transition: np.ndarray  # [Z, H]
    transition_bias: np.ndarray  # [Z]
    states: int  # Q
    symbols: int  # X
    reads_hidden: bool  # never: what is read is added to the input


def count_numbers(moments, pairs):
    """Return how many numbers belong to so many moments: where those of the next one begin."""
    return moments * pairs + (moments * (moments - 1) // 2) * pairs * pairs


find_offset = borrowing(count_numbers)


@cache
def write_act(precision: Precision) -> Callable:
    """Write what decides from a hidden state on the weights of all transitions.

    What the runs so far are to do is summed up beside them: the shares of push, pop and replace,
    and of the symbols that are pushed.
    """
    lift = precision.lift

    @borrowing
    def act(packed, source, s, rows, t, memory):
        hidden = rows[t, rows.shape[1] - packed.readout.shape[1] :]
        pairs, transitions = packed.reading.shape[0], packed.transition_bias.size
        for row in range(transitions):
            weight = project(packed.transition, packed.transition_bias, row, hidden)
            memory[pairs + row] = lower(lift(weight))
        shares = memory[pairs + transitions :]
        sum_up(packed, source.memory[s], memory[pairs : pairs + transitions], shares)
        one = constant(1.0, shares[0])  # which roundings may have gone beyond
        for at in range(shares.size):
            shares[at] = lower(lift(at_most(shares[at], one)))

    return act


@borrowing
def sum_up(packed, top, weights, shares):
    """Sum up what is to be done in every pair by the pair's share in the runs so far."""
    symbols, pairs = packed.symbols, packed.reading.shape[0]
    none = zero_like(weights[0])
    for at in range(shares.size):
        shares[at] = none
    each = weights.size // pairs
    for pair in range(pairs):
        own = weights[pair * each : (pair + 1) * each]
        largest, total = own[0], none
        for at in range(each):
            largest = at_least(own[at], largest)
        for at in range(each):
            total += exp(own[at] - largest)
        for at in range(each):
            share, what = top[pair] * exp(own[at] - largest) / total, at % (2 * symbols + 1)
            if what < symbols:
                shares[0] += share
                shares[3 + what] += share
            else:
                shares[1 if what == 2 * symbols else 2] += share
    for at in range(symbols):
        shares[3 + at] = shares[3 + at] / shares[0] if shares[0] > 0 else none


@cache
def write_move(precision: Precision) -> Callable:
    """Write ``move(packed, source, s, places, t)``: all runs of place s, one transition on.

    The weights of the transitions stand in places.memory[t], which receives what is read. The last
    numbers of places.cells are room to calculate in, [QX Q + 2] times as many as there are moments.
    """
    lift, add_up = precision.lift, _write_add_up(precision)
    end_all = _write_end_all(precision)

    @borrowing
    def move(packed, source, s, places, t):
        pairs, symbols, states = packed.reading.shape[0], packed.symbols, packed.states
        old, new = s % source.heights.size, t % places.heights.size
        table, moment, memory = places.cells[new, 0], source.heights[old], places.memory[t]
        if old != new:
            before, known = source.cells[old, 0], find_offset(moment, pairs)
            for at in range(known):
                table[at] = before[at]
        weights = memory[pairs : pairs + packed.transition_bias.size]
        room = table[table.size - count_room(moment + 1, states, symbols) :]
        last = table[find_offset(moment - 1, pairs) + pairs : find_offset(moment, pairs)]
        here = table[find_offset(moment, pairs) + pairs : find_offset(moment + 1, pairs)]
        pop_all(add_up, last, moment, weights, states, symbols, room)
        for start in range(pairs):
            go_on(add_up, table, last, here, moment, start, weights, states, symbols, room)
        end_all(table, moment, pairs)
        places.heights[new] = moment + 1
        read_all(table, moment, pairs, memory)
        for pair in range(pairs):
            memory[pair] = lower(lift(memory[pair]))

    return move


def count_numbers_of_room(moments, states, symbols):
    """Return how much room it takes to go on to so many moments."""
    return (states * symbols * states + 2) * moments


count_room = borrowing(count_numbers_of_room)


def _write_add_up(precision: Precision) -> Callable:
    """Write what looks for the largest of many logarithms, then adds up how far all reach up to it.

    ``add_up(row, weight, largest, totals, adding)`` does so for row + weight, place by place.
    """
    exp_of = _find_exp(precision)

    @borrowing
    def add_up(row, weight, largest, totals, adding):
        if adding:
            for at in range(row.size):
                totals[at] += exp_of(row[at] + weight - largest[at])
        else:
            for at in range(row.size):
                largest[at] = at_least(row[at] + weight, largest[at])

    return add_up


def _find_exp(precision: Precision) -> Callable:
    """Return an exp without branches, which many numbers can go through at once."""
    return write_exp(FLOAT64 if precision.storage is np.float64 else FLOAT32)


@borrowing
def find_weight(weights, pair, state, action, states, symbols):
    """Return the logarithm of a transition's weight."""
    return weights[(pair * states + state) * (2 * symbols + 1) + action]


@borrowing
def clear_sums(largest, totals):
    """Make ready for sums of which nothing is known yet."""
    for at in range(largest.size):
        largest[at] = constant(NEVER, largest[at])
        totals[at] = zero_like(largest[at])


@borrowing
def write_sums(largest, totals, row):
    """Write the logarithms of sums; where nothing was added up, there is no run."""
    for at in range(largest.size):
        never = constant(NEVER, largest[at])
        row[at] = largest[at] + log(totals[at]) if largest[at] > never / 2 else never


@borrowing
def pop_all(add_up, last, moment, weights, states, symbols, room):
    """Find the weight of all that was put on at a moment k and is popped now, [QX, Q, k]."""
    pairs, many = states * symbols, moment - 1
    largest, totals = room[:many], room[many : 2 * many]
    for pair in range(pairs):
        for state in range(states):
            clear_sums(largest, totals)
            for adding in (False, True):
                for end in range(pairs):
                    row = last[(pair * pairs + end) * many : (pair * pairs + end + 1) * many]
                    weight = find_weight(weights, end, state, 2 * symbols, states, symbols)
                    add_up(row, weight, largest, totals, adding)
            at = (2 + pair * states + state) * many
            write_sums(largest, totals, room[at : at + many])


@borrowing
def go_on(add_up, table, last, here, moment, start, weights, states, symbols, room):
    """Find the blocks of the new moment with all earlier ones, from one pair to every other.

    With the moment just before it is a push, with others a replacement now, or a pop that uncovers
    what had come to lie there at a moment k.
    """
    pairs, many = states * symbols, moment - 1
    largest, totals = room[:many], room[many : 2 * many]
    for state in range(states):
        for symbol in range(symbols):
            clear_sums(largest, totals)
            for adding in (False, True):
                for end in range(pairs):
                    row = last[(start * pairs + end) * many : (start * pairs + end + 1) * many]
                    weight = find_weight(weights, end, state, symbols + symbol, states, symbols)
                    add_up(row, weight, largest, totals, adding)
                for middle in range(states):
                    end = middle * symbols + symbol
                    popped = room[(2 + end * states + state) * many :]
                    for k in range(1, many):
                        at = find_offset(k, pairs) + pairs + (start * pairs + end) * k
                        add_up(table[at : at + k], popped[k], largest, totals, adding)
            at = (start * pairs + state * symbols + symbol) * moment
            write_sums(largest, totals, here[at : at + many])
            here[at + many] = find_weight(weights, start, state, symbol, states, symbols)


def _write_end_all(precision: Precision) -> Callable:
    """Write what finds the weight of all runs to the new moment, by their last pair."""
    exp_of = _find_exp(precision)

    @borrowing
    def end_all(table, moment, pairs):
        to = find_offset(moment, pairs)
        for end in range(pairs):
            largest, total = constant(NEVER, table[0]), zero_like(table[0])
            for adding in (False, True):
                for pair in range(pairs):
                    row = to + pairs + (pair * pairs + end) * moment
                    for first in range(moment):
                        weight = table[find_offset(first, pairs) + pair] + table[row + first]
                        if adding:
                            total += exp_of(weight - largest)
                        else:
                            largest = at_least(weight, largest)
            never = constant(NEVER, largest)
            table[to + end] = largest + log(total) if largest > never / 2 else never

    return end_all


@borrowing
def read_all(table, moment, pairs, shares):
    """Write every pair's share in the weight of all runs at a moment."""
    at = find_offset(moment, pairs)
    largest, total = table[at], zero_like(shares[0])
    for pair in range(pairs):
        largest = at_least(table[at + pair], largest)
    for pair in range(pairs):
        shares[pair] = exp(table[at + pair] - largest)
        total += shares[pair]
    for pair in range(pairs):
        shares[pair] = shares[pair] / total


@borrowing
def copy_runs(places, s, t):
    """Copy the runs of one place, and what is read of them, to another."""
    old, new = s % places.heights.size, t % places.heights.size
    places.heights[new] = places.heights[old]
    for at in range(places.memory.shape[1]):
        places.memory[t, at] = places.memory[s, at]
    for at in range(find_offset(places.heights[old], places.width)):
        places.cells[new, 0, at] = places.cells[old, 0, at]


@borrowing
def same_runs(places, s, t):
    """Say whether the runs of two places are equal; they never are, after different times."""
    return s == t
