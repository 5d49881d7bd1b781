"""What many places cost: a nation's areas down to its townships, judged by county."""
