"""`python -m tianshui`."""

from tianshui.cli import main

if __name__ == "__main__":
    main()
