"""A page in Debian's Chromium without any network, driven through the browser's own pipe (DevTools protocol).

    with Browser() as browser:
        browser.open(path)
        browser.run("document.title")

What the page asks of a network, what it writes to the console as an error and what it throws is kept in
`requests` and `errors`. The browser runs in a network namespace of its own in which there is no network. Where the
system refuses one, a warning says so and the page's requests are only watched; with CI set that is a failure.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1", "--remote-debugging-pipe",
)  # fmt: skip
OWN = ("file:", "data:", "blob:", "about:")
"""Beginnings of addresses that need no network."""
PATIENCE = 90.0
NOT_ALONE = (
    "unshare is refused here: the browser is NOT cut off from the network, its requests are only watched"
)


def find() -> str | None:
    """The browser of this machine, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _works(words: list[str]) -> bool:
    return subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0


def _alone() -> list[str]:
    """What puts a process into a network namespace of its own, where that is allowed.

    Raises
    ------
    RuntimeError
        When it is not allowed and CI is set: a test that proves less than it says must not pass there.
    """
    for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if shutil.which("unshare") and _works(words):
            return words
    if os.environ.get("CI"):
        raise RuntimeError(NOT_ALONE)
    warnings.warn(NOT_ALONE, stacklevel=3)
    return []


class Browser:
    """One browser with one page."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self.width, self.height = width, height
        self.requests: list[str] = []
        self.errors: list[str] = []

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        into, self._out = os.pipe()
        self._in, out_of = os.pipe()
        command = [
            *_alone(), str(find()), *OPTIONS, f"--user-data-dir={self._home.name}",
            "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank",
        ]  # fmt: skip
        # The browser reads its orders from 3 and answers on 4.
        shell = f'exec 3<&{into} 4>&{out_of}; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *command], pass_fds=(into, out_of),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(into)
        os.close(out_of)
        self._number, self._buffer = 0, b""
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(self.width, self.height)
        return self

    def __exit__(self, *_: object) -> None:
        self._session = None
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for pipe in (self._in, self._out):
            os.close(pipe)
        self._home.cleanup()

    def call(self, method: str, **options: Any) -> dict[str, Any]:
        """Give an order and wait for its answer; what happens meanwhile is noted."""
        self._number += 1
        order: dict[str, Any] = {"id": self._number, "method": method, "params": options}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._out, json.dumps(order).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']['message']}")
                return told["result"]
            self._note(told)
        raise TimeoutError(method)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            more = os.read(self._in, 1 << 16)
            if not more:
                raise EOFError("the browser has gone")
            self._buffer += more
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def _note(self, told: dict[str, Any]) -> None:
        about = told.get("params", {})
        match told.get("method"):
            case "Network.requestWillBeSent":
                address = about["request"]["url"]
                if not address.startswith(OWN):
                    self.requests.append(address)
            case "Network.webSocketCreated":
                self.requests.append(about["url"])
            case "Runtime.exceptionThrown":
                thrown = about["exceptionDetails"]
                self.errors.append(thrown.get("exception", {}).get("description") or thrown["text"])
            case "Runtime.consoleAPICalled" if about["type"] in ("error", "warning", "assert"):
                self.errors.append(" ".join(str(part.get("value", part)) for part in about["args"]))
            case "Log.entryAdded" if about["entry"]["level"] in ("error", "warning"):
                self.errors.append(about["entry"]["text"])

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, path: Path) -> None:
        """Open a file and wait until its charts are drawn."""
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait("document.body && document.body.dataset.drawn")

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", script))
        return found["result"].get("value")

    def wait(self, script: str) -> Any:
        """Wait until an expression is true in the page, and give its value."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := self.run(script):
                return value
            time.sleep(0.1)
        raise TimeoutError(script)

    def choose(self, control: str, value: str) -> None:
        """Choose a value of a native control, as a reader does, and wait until all is drawn again."""
        self.run(
            f"{{const c = document.querySelector({json.dumps(control)});"
            "delete document.body.dataset.drawn;"
            f"if (c.type === 'radio') c.click(); else {{ c.value = {json.dumps(value)};"
            "c.dispatchEvent(new Event('input', {bubbles: true}));"
            "c.dispatchEvent(new Event('change', {bubbles: true})); }}"
        )

    def picture(self, path: Path, part: str = "body") -> None:
        """Save a picture of one part of the page."""
        box = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(part)}).getBoundingClientRect();"
            "return {x: 0, y: b.y + scrollY, width: innerWidth, height: b.height}; })()"
        )
        made = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip={**box, "scale": 1})
        path.write_bytes(base64.b64decode(made["data"]))

    def paper(self, path: Path) -> None:
        """Print the page into a PDF."""
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"]))
