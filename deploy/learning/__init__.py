"""What is learned from scripted clients, for whom lawyers named facts and articles: `lexhub train asking`, `citing`."""
