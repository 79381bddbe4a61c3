"""What a consultation is: contracts, plan, graph, steps, fields of law, report, sessions."""
