"""Who signs in: accounts, sessions, tokens, and what each may; every act and refusal of theirs is kept.

rights      PURE: which right an act takes, and whether an area lies in somebody's reach
password    hashing, a few at a time
accounts    added, reset, closed          sessions    signed in, known again, ended
elsewhere   whom an identity provider signed in
tokens      made, known again, revoked
"""
