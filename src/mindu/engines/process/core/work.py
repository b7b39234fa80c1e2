"""The workbench of one step: frames, tokens and waits while they change."""

from collections.abc import Callable

from msgspec.structs import replace

from mindu.engines.process.core.bench import Bench
from mindu.engines.process.core.threads import added, branches, family, too_deep
from mindu.engines.process.happenings import Ended
from mindu.engines.process.model import Flow, Node
from mindu.engines.process.state import WHOLE, Frame, Threads, Token, Visit, Wait

MOST_MOVES = 5_000  # of tokens in one step; more is a circle that waits for nothing
MOST_TOKENS = 5_000  # in one instance
MOST_VARS = 1 << 20  # bytes of variables, as text, that one happening may bring
ITEM, UNDO = "*", "~"  # marks of frames that hold one turn of a loop, or a handler

Enter = Callable[["Work", Token, Node], None]
ENTER: dict[str, Enter] = {}
Complete = Callable[["Work", Frame], None]
COMPLETE: dict[str, Complete] = {}
QUIET: list[Callable[["Work"], bool]] = []  # asked when nothing moves; True: something does again


def enters(*kinds: str) -> Callable[[Enter], Enter]:
    """Register what happens when a token comes to a node of a kind."""

    def register(body: Enter) -> Enter:
        for kind in kinds:
            ENTER[kind] = body
        return body

    return register


class Work(Bench):
    """One step under way; thrown away if it cannot be taken."""

    # tokens

    def put(self, node: str, frame: int, threads: Threads = (WHOLE,)) -> Token:
        """Make a token that is on its way into a node."""
        if len(self.tokens) >= MOST_TOKENS:
            raise self.stuck(
                node,
                f"an instance may hold {MOST_TOKENS} tokens: a loop makes ever more of them",
                f"一个实例至多{MOST_TOKENS}个令牌:请检查循环",
            )
        token = Token(self.number(), node, frame, threads)
        self.tokens[token.id] = token
        self.queue.append(token.id)
        return token

    def rest(self, token: Token) -> Token:
        """Let a token stay where it is."""
        token = replace(token, since=self.step)
        self.tokens[token.id] = token
        return token

    def leave(self, token: Token, flows: tuple[str, ...]) -> None:
        """Let a token go on along flows; along none its branch has ended."""
        if token.then:
            then = replace(token, node=token.then, then="", via="", inner=False)
            self._send(then)
        elif not flows:
            self.end(token)
        elif len(flows) == 1:
            self._send(self._along(token, flows[0]))
        else:
            self._split(token, flows)

    def _along(self, token: Token, flow: str) -> Token:
        target = self.of(token.frame).flows[flow].target
        return Token(token.id, target, token.frame, token.threads, flow)

    def _split(self, token: Token, flows: tuple[str, ...]) -> None:
        parts = branches(token.threads, token.id, len(flows))
        if too_deep(parts[0]):
            raise self.stuck(
                token.node,
                "branches are split again and again and never joined: join them",
                "分支一再拆分却从不合并:请合并分支",
            )
        del self.tokens[token.id]
        for flow, threads in zip(flows, parts, strict=True):
            target = self.of(token.frame).flows[flow].target
            self._send(replace(self.put(target, token.frame, threads), via=flow), queued=True)

    def _send(self, token: Token, *, queued: bool = False) -> None:
        self.tokens[token.id] = token
        if not queued:
            self.queue.append(token.id)

    def end(self, token: Token) -> None:
        """Let a branch end; the frame is done when nothing is left in it."""
        del self.tokens[token.id]
        frame = self.frames[token.frame]
        self.frames[frame.id] = replace(frame, ended=added((*frame.ended, *token.threads)))
        self.absorb(frame.id)
        self.settle(frame.id)

    def absorb(self, frame: int) -> None:
        """Let the last branch of a split be the thread before it."""
        ended = set(self.frames[frame].ended)
        for token in [t for t in self.tokens.values() if t.frame == frame]:
            threads = set(token.threads)
            for one in token.threads:
                siblings = family(one)
                if siblings and siblings & ended and siblings <= threads | ended:
                    threads |= siblings & ended
                    ended -= siblings
            if threads != set(token.threads):
                self.tokens[token.id] = replace(token, threads=added(threads))
        if ended != set(self.frames[frame].ended):
            self.frames[frame] = replace(self.frames[frame], ended=tuple(sorted(ended)))
            self.absorb(frame)

    def settle(self, frame: int) -> None:
        """Complete a frame in which nothing is left."""
        busy = any(t.frame == frame for t in self.tokens.values())
        inside = any(f.parent == frame and not f.host for f in self.frames.values())
        if busy or inside or frame not in self.frames:
            return
        found = self.frames[frame]
        for wait in [w for w in self.waits.values() if w.frame == frame]:
            self.close(wait.id)
        mark = found.body[0] if found.body[:1] in {ITEM, UNDO} else ""
        COMPLETE[mark](self, found)

    def kill(self, token: int) -> None:
        """Take a token away, with all that waits for it and runs inside it."""
        del self.tokens[token]
        for wait in [w for w in self.waits.values() if w.token == token]:
            self.close(wait.id)
        for frame in [f for f in self.frames.values() if f.host == token]:
            self.clear(frame.id)
            self.frames.pop(frame.id, None)

    def clear(self, frame: int, *, but: int = 0) -> None:
        """Take everything inside a frame away, but for one frame of an event sub-process."""
        for token in [t.id for t in self.tokens.values() if t.frame == frame]:
            if token in self.tokens:
                self.kill(token)
        for inner in [f for f in self.frames.values() if f.parent == frame and not f.host]:
            if inner.id != but:
                self.clear(inner.id)
                self.frames.pop(inner.id, None)
        for wait in [w for w in self.waits.values() if w.frame == frame and not w.token]:
            self.close(wait.id)

    # waits

    def open(self, wait: Wait) -> Wait:
        """Wait for something."""
        self.waits[wait.id] = wait
        return wait

    def close(self, wait: int) -> None:
        """Wait for it no more."""
        del self.waits[wait]

    def shut(self, token: int) -> None:
        """Close all that a token waits for."""
        for wait in [w.id for w in self.waits.values() if w.token == token]:
            del self.waits[wait]

    # the history

    def visit(self, token: Token) -> None:
        """Note that a node is begun, so that one may return to it."""
        frame = self.frames[token.frame]
        self.turn += 1
        began = Visit(token.threads, self.step, turn=self.turn)
        if token.then and token.node in frame.visits:  # what lies between stands on its first visit
            began = replace(frame.visits[token.node], threads=token.threads, done=0, by="")
        visits = {**frame.visits, token.node: began}
        self.frames[frame.id] = replace(frame, visits=visits)

    def visited(self, token: Token, by: str) -> None:
        """Note that a node is done, and by whom."""
        frame = self.frames[token.frame]
        begun = frame.visits.get(token.node)
        if begun is not None:
            done = replace(begun, done=self.step, by=by)
            self.frames[frame.id] = replace(frame, visits={**frame.visits, token.node: done})
        if token.node in self.undone:
            self.undone = tuple(one for one in self.undone if one != token.node)

    # going on

    def run(self) -> None:
        """Move tokens until all are at rest."""
        while True:
            while self.queue:
                self._next(self.queue.pop(0))
            if not any(ask(self) for ask in QUIET) and not self.queue:
                return

    def _next(self, name: int) -> None:
        token = self.tokens.get(name)
        if token is None or self.status != "running":
            return
        self.moves += 1
        node = self.node(token)
        if self.moves > MOST_MOVES:
            raise self.stuck(
                node,
                f"more than {MOST_MOVES} moves in one step: the process runs in a circle in which "
                "nobody and nothing is waited for",
                f"一步之内移动超过{MOST_MOVES}次:流程在空转,循环中须有等待的人或事",
            )
        self.passed.append(node.id)
        ENTER[node.kind](self, token, node)

    def finish(self, status: str, outcome: str) -> None:
        """End the instance."""
        for frame in [f for f in self.frames.values() if not f.parent]:
            self.left = frame.vars
            self.clear(frame.id)
        self.frames.clear()
        self.waits.clear()
        self.queue.clear()
        self.status, self.outcome = status, outcome
        self.effects.append(Ended(status=status, outcome=outcome))

    def flow(self, token: Token, name: str) -> Flow:
        """Return a flow of the token's definition."""
        return self.of(token.frame).flows[name]
