"""Words in which tests and stories speak to the sandbox.

    async with Workspace(control_url) as ws:
        desk = await ws.channel("相談-端末", bot=True)
        town = await ws.person("山田 花子", channels=[desk])
        asked = await town.says("プリンターが動きません", desk)
        card = await desk.shows("受け付けました", thread=asked)
        await talent.clicks("対応します", on=card)

Everything goes over the control API, so it works for a sandbox in this process or in another. What people wait for has a
deadline in real seconds (`within`); when it passes, an AssertionError says what was visible instead.
"""

from sandbox.client.channel import Channel
from sandbox.client.link import SandboxError
from sandbox.client.person import Person
from sandbox.client.things import Message, Outcome, Shown, ShownView
from sandbox.client.workspace import Workspace

__all__ = ["Channel", "Message", "Outcome", "Person", "SandboxError", "Shown", "ShownView", "Workspace"]
