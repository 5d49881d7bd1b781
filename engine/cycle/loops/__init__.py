"""The service at work: polling, judging and delivering, each at a beat of its own; none waits for another."""
