"""Rules in plain words, for people: each rule explained, and the manual's pages."""
