"""Files and functions stay small enough to be read at once (style guide, rule 12)."""

from tests.shape.source import functions, name, python_files, tracked

LINES_OF_FILE_MAX = 400
LINES_OF_FUNCTION_MAX = 70


def test_no_file_is_longer_than_400_lines():
    sources = [*python_files(), *(path for path in tracked() if path.suffix in {".sql", ".css", ".js", ".html"})]
    long = {name(path): lines for path in sources if (lines := len(path.read_text().splitlines())) > LINES_OF_FILE_MAX}
    assert long == {}


def test_no_function_is_longer_than_70_lines():
    long = {
        f"{name(path)}:{function.name}": lines
        for path in python_files()
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LINES_OF_FUNCTION_MAX
    }
    assert long == {}
