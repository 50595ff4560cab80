// Control flow of C++ for the comparison with gcov: templates, classes, lambdas,
// virtual calls, exceptions and the clean-up that they bring.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

int alive = 0;

struct Guard {
  explicit Guard(int n) : number(n) {
    alive++;
  }
  ~Guard() {
    alive--;
  }
  int number;
};

template <typename T>
T largest(const std::vector<T> &values) {
  T best = values.at(0);
  for (const T &value : values) {
    if (value > best) {
      best = value;
    }
  }
  return best;
}

template <int N>
struct Power {
  static long of(long base) {
    if (base == 0) {
      return 0;
    }
    return base * Power<N - 1>::of(base);
  }
};

template <>
struct Power<0> {
  static long of(long) {
    return 1;
  }
};

class Shape {
public:
  virtual ~Shape() = default;
  virtual int area() const = 0;
};

class Square : public Shape {
public:
  explicit Square(int side) : side_(side) {}
  int area() const override {
    return side_ * side_;
  }

private:
  int side_;
};

class Strip : public Shape {
public:
  explicit Strip(int length) : length_(length) {}
  int area() const override {
    int sum = 0;
    for (int i = 0; i < length_; i++) {
      sum++;
    }
    return sum;
  }

private:
  int length_;
};

int may_throw(int n) {
  Guard guard(n);
  if (n % 4 == 0) {
    throw std::runtime_error("four");
  }
  if (n % 5 == 0) {
    throw n;
  }
  return guard.number;
}

int through(int n) {
  Guard outer(n);
  int result = may_throw(n);
  Guard inner(result);
  return result + inner.number;
}

int catches(int n) {
  int sum = 0;
  for (int i = 1; i <= n; i++) {
    try {
      sum += through(i);
    } catch (const std::exception &e) {
      sum += e.what()[0];
    } catch (int number) {
      sum -= number;
    }
  }
  return sum;
}

int rethrows(int n) {
  int result = 0;
  try {
    result = may_throw(n);
  } catch (...) {
    if (n > 4) {
      throw;
    }
    result--;
  }
  return result;
}

int lambdas(std::vector<int> values) {
  int seen = 0;
  std::sort(values.begin(), values.end(), [&seen](int a, int b) {
    seen++;
    return a > b;
  });
  std::for_each(values.begin(), values.end(), [](int &v) {
    if (v > 3) {
      v = 3;
    }
  });
  int sum = 0;
  for (int value : values) {
    sum += value;
  }
  return sum + seen;
}

int shapes(int n) {
  std::vector<std::unique_ptr<Shape>> all;
  for (int i = 0; i < n; i++) {
    if (i % 3) {
      all.push_back(std::make_unique<Square>(i));
    } else {
      all.push_back(std::make_unique<Strip>(i));
    }
  }
  int sum = 0;
  for (const auto &shape : all) {
    sum += shape->area();
  }
  return sum;
}

void words(const std::string &text, std::map<std::string, int> &counts) {
  std::string word;
  for (char c : text) {
    if (c == ' ') {
      if (!word.empty()) {
        counts[word]++;
      }
      word.clear();
    } else {
      word += c;
    }
  }
}

int never_called(int n) {
  Guard guard(n);
  return n > 0 ? n : -n;
}

} // namespace

int main(int argc, char **) {
  long sum = largest<int>({3, 9, 2, 11, 4}) + static_cast<long>(largest<double>({1.5, 0.5}));
  sum += Power<3>::of(5) + Power<2>::of(0);
  sum += catches(20) + shapes(10) + lambdas({5, 1, 4, 2, 3, 8});
  try {
    sum += rethrows(4) + rethrows(3);
    sum += rethrows(8);
    sum += 1000;
  } catch (const std::runtime_error &) {
    sum++;
  }
  std::map<std::string, int> counts;
  words("a b a  c a b ", counts);
  sum += counts.size();
  if (argc > 5) {
    sum += never_called(argc);
  }
  std::printf("%ld %d\n", sum, alive);
  return alive;
}
