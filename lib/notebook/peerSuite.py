"""Runs Jupyter's own suite for kernels, `jupyter_kernel_test`, on the kernel of this project; prints one JSON line of what came out."""

import json
import sys
import unittest

import jupyter_kernel_test

# Cells are checked with the library's types; the first one reads them.
FIRST = "import { show } from 'pathkernel/notebook';\nconst warm = { alpha: 1, beta: 2 };\nwarm"


class PathkernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "pathkernel"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kc.execute_interactive(FIRST, timeout=300, output_hook=lambda _: None)

    code_hello_world = "console.log('hello, world');"
    code_stderr = "console.error('a warning');"
    code_generate_error = "throw new RangeError('meant');"
    code_clear_output = "console.log('before'); console.clear();"
    code_inspect_sample = "console.log"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "6 * 9", "result": "54"},
        {"code": "warm.alpha + warm.beta", "result": "3"},
        {"code": "await Promise.resolve('Σ 😀')", "result": "Σ 😀"},
        {"code": "[1, 2].map((n: number) => n ** 2)", "result": "[ 1, 4 ]"},
        {"code": "[{ layer: 'conv', kept: 0.1 }]", "mime": "text/html"},
        {"code": "const figure = { data: [{ type: 'scatter', y: [1, 2] }], layout: {} };\nfigure", "mime": "application/vnd.plotly.v1+json"},
    ]
    code_display_data = [
        {"code": "show([{ layer: 'conv', kept: 0.1 }]);", "mime": "text/html"},
        {"code": "show({ data: [{ type: 'scatter', y: [1, 2] }], layout: {} });", "mime": "application/vnd.plotly.v1+json"},
        {"code": "show('words');", "mime": "text/plain"},
    ]
    code_history_pattern = "6 ? [0-7]*"
    supported_history_operations = ("tail", "range", "search")
    completion_samples = [
        {"text": "warm.al", "matches": {"alpha"}},
        {"text": "warm.", "matches": {"alpha", "beta"}},
        {"text": "console.tab", "matches": {"table"}},
        {"text": "no.such.thing"},
        {"text": "const = "},
    ]
    complete_code_samples = [
        "",
        "1 + 1",
        "const x = 1;",
        "console.log('hello, world');",
        "function f(n: number): number {\n  return n;\n}",
        "for (const x of [1, 2]) console.log(x);",
        "await Promise.resolve(1)",
        "for await (const x of []) console.log(x);",
        "import { show } from 'pathkernel/notebook';",
        "export const y = 2;",
        "const t = <T,>(value: T) => value;",
        "const n = <number>(<unknown>'1');",
        "type Pair<T> = [T, T];\nlet pair: Pair<string> = ['a', 'b'];",
        "wrong_name + 1",
        "'a' as number // a type error is not one of syntax",
        "// a comment",
        "`a\ntemplate`",
    ]
    incomplete_code_samples = [
        "function f(n: number) {",
        "for (const x of [1, 2]) {\n  console.log(x);",
        "[1,",
        "show(",
        "const x =",
        "1 +",
        "if (true)",
        "`a template",
        "`a ${",
        "/* a comment",
        "class A {\n  x = 1;",
        "const f = (n: number) =>",
        "import { show",
        "try {\n  f();\n}",
        "type Pair<T> =",
        "x.",
    ]
    invalid_code_samples = [
        "const = 3",
        "1 +* 2",
        "let 1x = 2;",
        "f(]",
        "}",
        "'a string without end",
        "function (",
        "const x;",
        "let a = 1; let a = 2;",
        "break;",
        "for (;;) { break outer; }",
        "const = 3; function f() {",
    ]


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "pathkernel"


loader = unittest.defaultTestLoader
cases = unittest.TestSuite(map(loader.loadTestsFromTestCase, (PathkernelTests, WelcomeTests)))
count = cases.countTestCases()
result = unittest.TextTestRunner(stream=sys.stderr).run(cases)
wrong = result.errors + result.failures
print(
    json.dumps(
        {
            "tests": count,
            "skipped": [[test.id().split(".")[-1], reason] for test, reason in result.skipped],
            "wrong": [f"{test.id()}: {traceback}" for test, traceback in wrong],
        }
    )
)
