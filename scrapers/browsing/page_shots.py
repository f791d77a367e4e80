"""A page's DOM, layout and picture, all of one moment."""

from __future__ import annotations

import base64
import json
from typing import Any

from playwright.async_api import CDPSession

from scrapers.browsing.visits import Limits, PageError, Shot

_TRIES = 3
_LOOK = """
(mostCharacters) => {
  // Moving parts are brought to their end: what is measured is then also what is painted.
  for (const animation of document.getAnimations()) {
    try { animation.finish() } catch { animation.cancel() }
  }
  const elements = [];
  const left = [document.documentElement];
  while (left.length) {
    const element = left.pop();
    const name = element.tagName.toLowerCase();
    if (element.getClientRects().length) {
      const box = element.getBoundingClientRect();
      const place = [box.x + scrollX, box.y + scrollY, box.width, box.height];
      elements.push([name, ...place.map((number) => Math.round(number * 100) / 100)]);
    } else {
      elements.push([name]);
    }
    const children = (element instanceof HTMLTemplateElement ? element.content : element).children;
    for (let index = children.length - 1; index >= 0; index--) left.push(children[index]);
  }
  const root = document.documentElement;
  const seen = { elements, width: innerWidth, height: Math.max(root.scrollHeight, innerHeight) };
  if (mostCharacters === null) return JSON.stringify(seen);

  // Without scripts a browser escapes what stands in a noscript, with them it does not. The page's scripts are stopped
  // by now, so a mark is put there, and the text as it stood put in the mark's place.
  const mark = `noscript ${Math.random()} `;
  const texts = [];
  for (const element of document.querySelectorAll("noscript")) {
    if (element.children.length || !element.firstChild) continue;
    const text = element.textContent;
    element.textContent = mark + texts.length + ";";
    texts.push([element, text]);
  }
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  let dom = doctype + root.outerHTML;
  texts.forEach(([element, text], index) => {
    element.textContent = text;
    dom = dom.replace(mark + index + ";", () => text);
  });
  const text = (document.body?.innerText ?? "").slice(0, 1000);
  return JSON.stringify({ ...seen, title: document.title, text, dom: dom.length > mostCharacters ? null : dom });
}
"""


async def take_shot(protocol: CDPSession, limits: Limits, url: str, status: int, retry_after: str = "") -> Shot:
    """Stop the page's scripts and return its DOM, layout and picture.

    The layout is taken before and after the picture; where both are the same, so was the page all the while. A font or
    image that arrives between them makes it begin again, and a page that never keeps still has no layout.

    Args:
        protocol: the browser's protocol, attached to the page.
        limits: how long the DOM and how large the picture may be.
        url: the page's public URL.
        status: its HTTP status.
        retry_after: the header of that name.

    Raises:
        PageError: the DOM is longer than any page's.
        playwright.async_api.Error: the page is gone.
    """
    await protocol.send("Emulation.setScriptExecutionDisabled", {"value": True})
    world = await _own_world(protocol)
    for _ in range(_TRIES):
        before = await _look(protocol, world, limits.dom_characters)
        if before["dom"] is None:
            raise PageError(f"the DOM is longer than {limits.dom_characters} characters", lasting=True)
        height = min(before["height"], limits.picture_height)
        picture, height = await _picture(protocol, limits, before["width"], height)
        after = await _look(protocol, world, None)
        still: bool = before["elements"] == after["elements"]
        if still:
            break
    return Shot(
        url=url,
        status=status,
        dom=before["dom"].encode("utf-8", errors="replace"),
        picture=picture,
        width=before["width"],
        height=height,
        elements=before["elements"] if still else None,
        retry_after=retry_after,
        title=before["title"],
        text=before["text"],
    )


async def _own_world(protocol: CDPSession) -> int:
    """Return a place beside the page's scripts, where what they have redefined has no effect."""
    tree = await protocol.send("Page.getFrameTree")
    frame = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "ratecard"}
    world: int = (await protocol.send("Page.createIsolatedWorld", frame))["executionContextId"]
    return world


async def _look(protocol: CDPSession, world: int, most_characters: int | None) -> dict[str, Any]:
    """Return the layout and, where a limit for it is given, the DOM (None beyond the limit), in one step."""
    expression = f"({_LOOK})({json.dumps(most_characters)})"
    asked = {"expression": expression, "contextId": world, "returnByValue": True}
    answer = await protocol.send("Runtime.evaluate", asked)
    if "exceptionDetails" in answer:
        raise PageError(f"the page cannot be looked at: {answer['exceptionDetails'].get('exception')}")
    seen: dict[str, Any] = json.loads(answer["result"]["value"])
    return seen


async def _picture(protocol: CDPSession, limits: Limits, width: int, height: int) -> tuple[bytes, int]:
    """Return the PNG and the height that it has; Playwright's own way would put a style into the page first."""
    while True:
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        asked = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        picture = base64.b64decode((await protocol.send("Page.captureScreenshot", asked))["data"])
        if len(picture) <= limits.picture_bytes or height == 1:
            return picture, height
        height //= 2
