// Lines of which gcov and Cairn have different counts, as machine code has no place for
// a block that gcov knows. docs/blocks.md says so.
#include <cstdio>
#include <string>

static int joined(int a, int b, int c) {
  return a ? b ? 1 : 2
           : c ? 3 : 4; // gcov: the inner value of the line above is joined here, too
}

static std::string returned(int n) {
  std::string result;
  std::string other(n, 'a');
  result += other;
  return result; // gcov: once more behind the clean-up of the next line
}

int main() {
  int sum = 0;
  for (int i = 0; i < 8; i++) {
    sum += joined(i & 1, i & 2, i & 4);
  }
  std::printf("%d %s\n", sum, returned(3).c_str());
}
