"""Cases: questions with their answers and the pages that hold them."""

from eval.cases.case import Case, CasesError, Evidence, read_cases

__all__ = ["Case", "CasesError", "Evidence", "read_cases"]
