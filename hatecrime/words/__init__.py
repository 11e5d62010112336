"""
The sentences under each page's title, made from the numbers the page shows.

Plain functions that return text. They say recorded, not occurred; they never call more or fewer reports
better or worse; and they say so where the numbers cannot tell.
"""
