"""The search for one more partner in a general graph: Edmonds' blossoms, one tree at a time.

A stage starts from someone alone whose price is above 0 and grows a tree of tight edges.
Outer people (an even number of steps from the root) get cheaper and inner ones dearer at
the same pace, so everything in the tree stays tight. `clock` is how far prices have moved
in this stage. The stage ends when an edge to somebody alone becomes tight, or when an
outer person's price reaches 0 and they can be the one left alone.

A tight edge between two outer people closes an odd cycle. It becomes one node, a blossom,
whose price grows by 2 a tick while it is outer and falls by 2 while inner; an inner one
that reaches 0 is opened again.

Prices are kept as they were at clock 0 of their present side, and events wait in a heap by
the clock at which they fall due, so a stage costs what it touches. The functions are in the
subset of Python that numba compiles; arrays may also be lists, which are faster interpreted.
"""

from __future__ import annotations

from typing import NamedTuple

from mentorkit.interfaces import IntArray
from mentorkit.matching.solvers.compiling import kernel

FAR = 2**62

CLOCK, LIMIT, GOAL, HEAP, QUEUE, SCANNED, TOUCHED, SEEN, SPARE, ROUND = range(10)
"""Places in `Search.at`: the clock; when the stage ends and how (a person, or ~edge); and
how many there are in the heap, the queue (and of these scanned), the lists, and walks."""

COUNTS = 10


class Search(NamedTuple):
    """The graph and everything that is known of it.

    Nodes are the people, 0 to n - 1, and blossoms from n on. `top` means in no blossom.
    """

    at: IntArray
    start: IntArray
    """Person v's edges are those from start[v] to start[v + 1]."""
    tail: IntArray
    head: IntArray
    weight: IntArray
    """Twice the edge's weight, so that half a slack is a whole number."""
    mate: IntArray
    price: IntArray
    """Of a person: price now + side * clock. Of a blossom: price now - 2 * side * clock."""
    side: IntArray
    """1 outer, -1 inner, 0 neither; a blossom in a blossom has 0, a person in one has its."""
    home: IntArray
    """The top node a person was in when it got its present side."""
    into: IntArray
    """The blossom that a top node became part of in this stage; itself if none."""
    parent: IntArray
    """The blossom that a node is a child of, or -1."""
    child: IntArray
    """A blossom's child that holds its base; -1 if there is no such blossom."""
    base: IntArray
    """The one member whose mate is not in the node."""
    after: IntArray
    """The next of a blossom's children, around its cycle."""
    before: IntArray
    here: IntArray
    """The end in this child of the edge to the next child."""
    there: IntArray
    """The end in the next child."""
    by: IntArray
    """The outer person through whom an inner node was reached."""
    door: IntArray
    """The member of the inner node that was reached."""
    near: IntArray
    """When the first edge to a top node of no side falls due."""
    walk: IntArray
    """The last walk to the root that came by."""
    due: IntArray
    """The heap: when, and what: an edge, or ~blossom."""
    event: IntArray
    queue: IntArray
    """The outer people in the order they became so."""
    touched: IntArray
    seen: IntArray
    spare: IntArray
    members: IntArray
    """The people of the node last asked for; at the end all, each blossom's side by side."""
    low: IntArray
    """At the end: where in `members` a blossom's people begin, and where they end."""
    high: IntArray
    stack: IntArray
    turns: IntArray


@kernel
def push(s: Search, due: int, event: int) -> None:
    """Put an event into the heap."""
    place = s.at[HEAP]
    s.at[HEAP] = place + 1
    while place > 0:
        up = (place - 1) >> 1
        if s.due[up] <= due:
            break
        s.due[place] = s.due[up]
        s.event[place] = s.event[up]
        place = up
    s.due[place] = due
    s.event[place] = event


@kernel
def pop(s: Search) -> int:
    """Take the first event out of the heap."""
    found: int = s.event[0]
    size = s.at[HEAP] - 1
    s.at[HEAP] = size
    due, event = s.due[size], s.event[size]
    place = 0
    down = 1
    while down < size:
        if down + 1 < size and s.due[down + 1] < s.due[down]:
            down += 1
        if s.due[down] >= due:
            break
        s.due[place] = s.due[down]
        s.event[place] = s.event[down]
        place = down
        down = 2 * place + 1
    s.due[place] = due
    s.event[place] = event
    return found


@kernel
def top_of(s: Search, person: int) -> int:
    """The top node that a person is in."""
    node: int = s.home[person]
    while s.into[node] != node:
        s.into[node] = s.into[s.into[node]]
        node = s.into[node]
    return node


@kernel
def list_members(s: Search, node: int) -> int:
    """Write a node's people into `members`; how many they are."""
    n = len(s.mate)
    count = 0
    s.stack[0] = node
    depth = 1
    while depth > 0:
        depth -= 1
        node = s.stack[depth]
        if node < n:
            s.members[count] = node
            count += 1
            continue
        depth = stack_children(s, node, depth)
    return count


@kernel
def stack_children(s: Search, blossom: int, depth: int) -> int:
    """Put a blossom's children on the stack; its new depth."""
    one = s.child[blossom]
    while True:
        s.stack[depth] = one
        depth += 1
        one = s.after[one]
        if one == s.child[blossom]:
            return depth


@kernel
def take_side(s: Search, node: int, side: int) -> None:
    """Give a top node a side from now on; outer people join the queue."""
    n = len(s.mate)
    clock = s.at[CLOCK]
    if s.side[node] == 0 and side != 0:
        s.touched[s.at[TOUCHED]] = node
        s.at[TOUCHED] += 1
    if node >= n:
        s.price[node] += 2 * (s.side[node] - side) * clock
        s.side[node] = side
    for i in range(list_members(s, node)):
        person = s.members[i]
        s.price[person] += (side - s.side[person]) * clock
        s.side[person] = side
        if side == 1:
            s.queue[s.at[QUEUE]] = person
            s.at[QUEUE] += 1
            if s.price[person] < s.at[LIMIT]:
                s.at[LIMIT] = s.price[person]
                s.at[GOAL] = person


@kernel
def become_inner(s: Search, node: int, by: int, door: int) -> None:
    """Join a node to the tree by the edge from `by` to its member `door`."""
    s.by[node] = by
    s.door[node] = door
    take_side(s, node, -1)
    if node >= len(s.mate):
        due = s.price[node] >> 1
        if due < s.at[LIMIT]:
            push(s, due, ~node)


@kernel
def scan(s: Search) -> None:
    """Look at the edges of people newly outer for what falls due before the stage's end."""
    while s.at[SCANNED] < s.at[QUEUE]:
        person = s.queue[s.at[SCANNED]]
        s.at[SCANNED] += 1
        own = s.price[person]
        for edge in range(s.start[person], s.start[person + 1]):
            other = s.head[edge]
            side = s.side[other]
            if side == 0:
                due = own + s.price[other] - s.weight[edge]
                if due < s.at[LIMIT]:
                    come_near(s, edge, s.home[other], due)
            elif side == 1:
                due = (own + s.price[other] - s.weight[edge]) >> 1
                if due < s.at[LIMIT] and top_of(s, other) != top_of(s, person):
                    push(s, due, edge)


@kernel
def come_near(s: Search, edge: int, node: int, due: int) -> None:
    """Note that an edge from an outer person to a node of no side falls due."""
    if s.mate[s.base[node]] < 0:
        s.at[LIMIT] = due
        s.at[GOAL] = ~edge
    elif due < s.near[node]:
        if s.near[node] == FAR:
            s.seen[s.at[SEEN]] = node
            s.at[SEEN] += 1
        s.near[node] = due
        push(s, due, edge)


@kernel
def grow(s: Search, by: int, door: int) -> None:
    """Join the node behind a tight edge to the tree, and its partner."""
    node = s.home[door]
    become_inner(s, node, by, door)
    take_side(s, s.home[s.mate[s.base[node]]], 1)


@kernel
def step_up(s: Search, node: int) -> int:
    """The next outer node from an outer node towards the root; -1 from the root."""
    mate = s.mate[s.base[node]]
    if mate < 0:
        return -1
    return top_of(s, s.by[top_of(s, mate)])


@kernel
def meeting(s: Search, one: int, two: int) -> int:
    """The first outer node that two outer nodes' ways to the root share."""
    s.at[ROUND] += 1
    while True:
        if one >= 0:
            if s.walk[one] == s.at[ROUND]:
                return one
            s.walk[one] = s.at[ROUND]
            one = step_up(s, one)
        one, two = two, one


@kernel
def link(s: Search, one: int, here: int, there: int, two: int) -> None:
    """Let `two` follow `one` around a cycle, by the edge from `here` to `there`."""
    s.after[one] = two
    s.before[two] = one
    s.here[one] = here
    s.there[one] = there


@kernel
def shrink(s: Search, here: int, there: int) -> None:
    """Make a blossom of the cycle that a tight edge between outer nodes closes."""
    one, two = top_of(s, here), top_of(s, there)
    first = meeting(s, one, two)
    link(s, one, here, there, two)
    while one != first:
        base = s.base[one]
        inner = top_of(s, s.mate[base])
        link(s, inner, s.mate[base], base, one)
        one = top_of(s, s.by[inner])
        link(s, one, s.by[inner], s.door[inner], inner)
    while two != first:
        base = s.base[two]
        inner = top_of(s, s.mate[base])
        link(s, two, base, s.mate[base], inner)
        two = top_of(s, s.by[inner])
        link(s, inner, s.door[inner], s.by[inner], two)
    swallow(s, first)


@kernel
def swallow(s: Search, first: int) -> None:
    """Put the cycle through `first` into a new outer blossom."""
    n = len(s.mate)
    clock = s.at[CLOCK]
    s.at[SPARE] -= 1
    blossom = s.spare[s.at[SPARE]]
    node = first
    while True:
        if s.side[node] == -1:
            take_side(s, node, 1)
        if node >= n:
            s.price[node] += 2 * clock
            s.side[node] = 0
        s.parent[node] = blossom
        s.into[node] = blossom
        node = s.after[node]
        if node == first:
            break
    s.child[blossom] = first
    s.base[blossom] = s.base[first]
    s.price[blossom] = -2 * clock
    s.side[blossom] = 1
    s.touched[s.at[TOUCHED]] = blossom
    s.at[TOUCHED] += 1


@kernel
def release(s: Search, blossom: int) -> None:
    """Make a blossom's children top nodes of no side."""
    first = s.child[blossom]
    node = first
    while True:
        s.parent[node] = -1
        for i in range(list_members(s, node)):
            person = s.members[i]
            s.price[person] -= s.side[person] * s.at[CLOCK]
            s.side[person] = 0
            s.home[person] = node
        node = s.after[node]
        if node == first:
            break
    s.child[blossom] = -1


@kernel
def steps_to(s: Search, node: int, goal: int) -> int:
    """How many steps from one child of a blossom forward to another."""
    count = 0
    while node != goal:
        node = s.after[node]
        count += 1
    return count


@kernel
def unfold(s: Search, blossom: int) -> None:
    """Open an inner blossom whose price is 0; the way through it stays in the tree."""
    first = s.child[blossom]
    door = s.door[blossom]
    release(s, blossom)
    s.into[blossom] = -1
    s.side[blossom] = 0
    node = s.home[door]
    forward = steps_to(s, node, first) % 2 == 0
    become_inner(s, node, s.by[blossom], door)
    while node != first:
        outer = s.after[node] if forward else s.before[node]
        take_side(s, outer, 1)
        node = s.after[outer] if forward else s.before[outer]
        if forward:
            become_inner(s, node, s.here[outer], s.there[outer])
        else:
            become_inner(s, node, s.there[node], s.here[node])
    node = first
    while True:
        if s.side[node] == 0:
            look_back(s, node)
        node = s.after[node]
        if node == first:
            break


@kernel
def look_back(s: Search, node: int) -> None:
    """Find the first edge from an outer person to a node that has left the tree."""
    best = s.at[LIMIT]
    found = -1
    for i in range(list_members(s, node)):
        person = s.members[i]
        for edge in range(s.start[person], s.start[person + 1]):
            other = s.head[edge]
            if s.side[other] == 1:
                due = s.price[other] + s.price[person] - s.weight[edge]
                if due < best:
                    best = due
                    found = edge
    if found >= 0:
        come_near(s, found, node, best)


@kernel
def turn(s: Search, node: int, base: int) -> None:
    """Pair a node's members so that `base` is the one whose mate is outside."""
    n = len(s.mate)
    s.turns[0] = node
    s.turns[1] = base
    depth = 2
    while depth > 0:
        depth -= 2
        node, base = s.turns[depth], s.turns[depth + 1]
        if node < n or s.base[node] == base:
            continue
        one = base
        while s.parent[one] != node:
            one = s.parent[one]
        s.base[node] = base
        s.turns[depth] = one
        s.turns[depth + 1] = base
        depth += 2
        first = s.child[node]
        s.child[node] = one
        forward = steps_to(s, one, first) % 2 == 0
        while one != first:
            one = s.after[one] if forward else s.before[s.before[one]]
            left, right = s.here[one], s.there[one]
            s.mate[left] = right
            s.mate[right] = left
            s.turns[depth] = one
            s.turns[depth + 1] = left
            s.turns[depth + 2] = s.after[one]
            s.turns[depth + 3] = right
            depth += 4
            if forward:
                one = s.after[one]


@kernel
def flip(s: Search, person: int, mate: int) -> None:
    """Give an outer person a new mate, or none, and change the mates up to the root."""
    while True:
        node = top_of(s, person)
        old = s.mate[s.base[node]]
        turn(s, node, person)
        s.mate[person] = mate
        if old < 0:
            return
        inner = top_of(s, old)
        person = s.by[inner]
        mate = s.door[inner]
        turn(s, inner, mate)
        s.mate[mate] = person


@kernel
def end_stage(s: Search) -> None:
    """Write prices out, and open the blossoms that have none."""
    i = 0
    while i < s.at[TOUCHED]:
        node = s.touched[i]
        i += 1
        if s.into[node] == node:
            settle(s, node)
    for i in range(s.at[TOUCHED]):
        node = s.touched[i]
        if s.into[node] == -1:
            s.spare[s.at[SPARE]] = node
            s.at[SPARE] += 1
        s.into[node] = node
    for i in range(s.at[SEEN]):
        s.near[s.seen[i]] = FAR


@kernel
def settle(s: Search, node: int) -> None:
    """Take a top node's side away; if it is a blossom of price 0, its children's too."""
    n = len(s.mate)
    take_side(s, node, 0)
    if node < n or s.price[node] > 0:
        for i in range(list_members(s, node)):
            s.home[s.members[i]] = node
        return
    first = s.child[node]
    release(s, node)
    s.into[node] = -1
    one = first
    while True:
        s.into[one] = one
        if one >= n and s.price[one] == 0:
            s.touched[s.at[TOUCHED]] = one
            s.at[TOUCHED] += 1
        one = s.after[one]
        if one == first:
            break


@kernel
def stage(s: Search, root: int) -> None:
    """Find a mate for someone alone, or leave alone someone whose price is then 0."""
    s.at[CLOCK] = 0
    s.at[LIMIT] = FAR
    for i in (HEAP, QUEUE, SCANNED, TOUCHED, SEEN):
        s.at[i] = 0
    take_side(s, s.home[root], 1)
    scan(s)
    while s.at[HEAP] > 0 and s.due[0] < s.at[LIMIT]:
        s.at[CLOCK] = s.due[0]
        happen(s, pop(s))
        scan(s)
    s.at[CLOCK] = s.at[LIMIT]
    goal = s.at[GOAL]
    if goal >= 0:
        flip(s, goal, -1)
    else:
        tail, head = s.tail[~goal], s.head[~goal]
        turn(s, s.home[head], head)
        s.mate[head] = tail
        flip(s, tail, head)
    end_stage(s)


@kernel
def happen(s: Search, event: int) -> None:
    """Do what falls due, unless what has happened since has made it void."""
    if event < 0:
        if s.side[~event] == -1:
            unfold(s, ~event)
        return
    tail, head = s.tail[event], s.head[event]
    if s.side[tail] != 1:
        tail, head = head, tail
    side = s.side[head]
    slack = s.price[tail] + s.price[head] - s.weight[event] - (1 + side) * s.at[CLOCK]
    if side == 0 and slack == 0:
        grow(s, tail, head)
    elif side == 1 and slack == 0 and top_of(s, tail) != top_of(s, head):
        shrink(s, tail, head)


@kernel
def line_up(s: Search) -> None:
    """Put everyone in a line in which every blossom's people stand side by side."""
    n = len(s.mate)
    count = 0
    for top in range(2 * n):
        if s.parent[top] >= 0 or (top >= n and s.child[top] < 0):
            continue
        s.stack[0] = top
        depth = 1
        while depth > 0:
            depth -= 1
            node = s.stack[depth]
            if node < 0:
                s.high[~node] = count
            elif node < n:
                s.members[count] = node
                count += 1
            else:
                s.low[node] = count
                s.stack[depth] = ~node
                depth = stack_children(s, node, depth + 1)


@kernel
def solve(s: Search) -> None:
    """One stage for everyone who is alone at a price above 0."""
    for person in range(len(s.mate)):
        if s.mate[person] < 0 and s.price[person] > 0:
            stage(s, person)
    line_up(s)
