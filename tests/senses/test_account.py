"""The account: what a device sends for itself costs little, and an older one is taken up."""

import tracemalloc

import msgspec
import numpy as np

from mindu.data.senses.account import Account, Tally


def test_a_device_that_sends_for_itself_costs_the_account_little() -> None:
    account, devices = Account(), 1_000_000
    tracemalloc.start()
    for device in range(devices - 3000, devices):
        one = np.array([device])
        account.book(f"device:{device}", 1, one, np.array([0]), np.array([1]))
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used / 3000 < 3000, "bytes a source, whatever number its device has"
    again = Account()
    again.load(msgspec.msgpack.decode(msgspec.msgpack.encode(account.dump())))
    assert again.device(devices - 1) == {f"device:{devices - 1}": Tally(1, 1, 0, 0, {})}
    assert again.total() == account.total()


def test_an_account_as_it_was_kept_before_is_taken_up() -> None:
    columns = np.arange(3 * 70, dtype=np.uint32).reshape(3, 70)
    account = Account()
    account.load([("line", int(columns.sum()), 70, columns.tobytes(), [])])
    assert account.total().whole
    assert account.device(69)["line"].stored == 69
