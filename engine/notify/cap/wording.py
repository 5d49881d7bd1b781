"""What only CAP messages say, in each language."""

from __future__ import annotations

from engine.model.text import Text

#: CAP's languages, and ours.
LANGUAGES = {"en-US": "en", "zh-CN": "zh"}

DESCRIPTION = Text("{title} in {area} since {since}.", "{area}自{since}起{title}。")
EVIDENCE = Text(" {facts}.", "{facts}。")
CONFIDENCE = Text(" Confidence: {word}.", "可信度：{word}。")
OVER = Text("What was warned of is over: {title} in {area}.", "{area}{title}预警解除。")
TASK = Text("{what} ({department})", "{what}（{department}）")
TASKS = Text("; ", "；")
EXERCISE = "EXERCISE 演练: {name}"
DEPARTMENTS_ONLY = Text("For the departments addressed only.", "仅供收件部门使用。")
