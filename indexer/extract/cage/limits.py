"""What one document may use: memory, time, pages, and the size of the answer."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Limits:
    """What one document may use. The times grow with the number of its pages; memory is the child's address space."""

    memory_bytes: int = 2 << 30
    cpu_seconds: float = 60
    page_cpu_seconds: float = 0.1
    wall_seconds: float = 240
    page_wall_seconds: float = 0.4
    max_pages: int = 5000
    max_answer_bytes: int = 128 << 20
    second_page_cpu_seconds: float = 0.4
    second_page_wall_seconds: float = 1.2

    def of_second(self) -> Self:
        """The same for the second reader, which reads few pages and is some twenty times slower."""
        return replace(
            self, page_cpu_seconds=self.second_page_cpu_seconds, page_wall_seconds=self.second_page_wall_seconds
        )
