"""What Lexhub itself costs, whatever its models take: measured with models that answer at once.

Everything runs on one machine: the contenders, what they ask, and the clients; so all share its cores.
"""
