"""The means of reaching a receiver: one file each, with `ID`, `Options` and `send`.

`send(options, notification, now)` returns once the other side has taken the message, and raises
DeliveryError otherwise. A new channel is a file here and a line in `CHANNELS`.
"""

from __future__ import annotations

from types import ModuleType

from engine.notify.channels import apprise, cap, file, mqtt, smtp, webhook

CHANNELS: dict[str, ModuleType] = {
    apprise.ID: apprise,
    cap.ID: cap,
    file.ID: file,
    mqtt.ID: mqtt,
    smtp.ID: smtp,
    webhook.ID: webhook,
}
