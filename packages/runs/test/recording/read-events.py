"""Reads a folder of event files with TensorBoard's own readers and prints the contents as JSON.

    python read-events.py FOLDER
"""

import glob
import json
import math
import os
import sys

from tensorboard import plugin_util
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing import plugin_event_accumulator
from tensorboard.util import tensor_util


def main(folder):
    # 0 keeps all events instead of a sample.
    sizes = {event_accumulator.IMAGES: 0, event_accumulator.SCALARS: 0}
    events = event_accumulator.EventAccumulator(folder, size_guidance=sizes, purge_orphaned_data=True).Reload()
    # The reader of TensorBoard's server, which gives every value as a tensor.
    sizes = {"scalars": 0, "text": 0, "images": 0}
    tensors = plugin_event_accumulator.EventAccumulator(folder, tensor_size_guidance=sizes, purge_orphaned_data=True)
    tensors.Reload()
    tags = events.Tags()
    found = {
        "scalars": {tag: [[e.step, number(e.value)] for e in events.Scalars(tag)] for tag in tags["scalars"]},
        "images": {tag: [image(e) for e in events.Images(tag)] for tag in tags["images"]},
        "server": {
            plugin: {tag: values(tensors, tag) for tag in tensors.PluginTagToContent(plugin)}
            for plugin in sorted(tensors.ActivePlugins())
        },
        "files": [raw_events(path) for path in sorted(glob.glob(os.path.join(folder, "*tfevents*")))],
    }
    for step_values in found["server"].get("text", {}).values():
        for step_value in step_values:
            step_value.append(plugin_util.markdown_to_safe_html(step_value[1]))
    json.dump(found, sys.stdout, allow_nan=False)


def image(event):
    return [event.step, event.width, event.height, len(event.encoded_image_string)]


def values(tensors, tag):
    return [[e.step, plain(tensor_util.make_ndarray(e.tensor_proto).tolist())] for e in tensors.Tensors(tag)]


def plain(value):
    """An array's contents as JSON takes them; a file by its length."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return len(value) if value.startswith(b"\x89PNG") else value.decode("utf-8")
    return number(value)


def number(value):
    return value if math.isfinite(value) else repr(float(value))


def raw_events(path):
    """Of each record the event's step, wall time and kind."""
    events = event_file_loader.LegacyEventFileLoader(path).Load()
    return [[event.step, event.wall_time, event.WhichOneof("what")] for event in events]


main(sys.argv[1])
