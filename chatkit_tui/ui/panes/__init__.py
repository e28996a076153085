"""What holds the state of half a screen: it loads in workers and hands the result to widgets."""
