/* Exceptions through frames of every kind, and what C++ calls besides. */
#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#define NOINLINE __attribute__((noinline))

static volatile unsigned long sink;

struct Guard {
    int value;
    NOINLINE explicit Guard(int v) : value(v) { sink += v; }
    NOINLINE ~Guard() { sink += value; }
};

NOINLINE int leaf(int n)
{
    sink += n;
    return n + 1;
}

NOINLINE void fails(int n)
{
    Guard guard(n);
    if (n % 2 == 0) {
        throw std::runtime_error("even");
    }
    throw n;
}

NOINLINE void passes(int depth, int n)
{
    Guard guard(depth);
    if (depth == 0) {
        fails(n);
    }
    passes(depth - 1, n);
    sink += leaf(depth);
}

NOINLINE void plain(int depth, int n)
{
    if (depth == 0) {
        passes(2, n);
    }
    plain(depth - 1, n);
    sink++;
}

/* Many activations of one function, of which one catches. */
NOINLINE int catches_at(int depth, int level, int n)
{
    try {
        Guard guard(depth);
        if (depth == 0) {
            plain(3, n);
        }
        return leaf(catches_at(depth - 1, level, n));
    } catch (const std::runtime_error &error) {
        if (depth != level) {
            throw;
        }
        return leaf(depth);
    } catch (int value) {
        if (depth != level) {
            throw value + 2;
        }
        return leaf(value);
    }
}

NOINLINE int rethrows(int n)
{
    try {
        try {
            fails(n);
        } catch (int value) {
            leaf(value);
            throw std::runtime_error("odd");
        }
    } catch (const std::exception &error) {
        return leaf(1);
    }
    return 0;
}

NOINLINE int keeps(int n)
{
    std::exception_ptr kept;
    try {
        passes(3, n);
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (int value) {
        return leaf(value);
    } catch (const std::exception &) {
        return leaf(2);
    }
}

struct Shape {
    virtual ~Shape() = default;
    virtual int area() const = 0;
};

struct Named {
    virtual ~Named() = default;
    virtual int name() const = 0;
};

struct Box : Shape, Named {
    int side;
    explicit Box(int s) : side(s) {}
    NOINLINE int area() const override { return side * side; }
    NOINLINE int name() const override { return leaf(side); }
};

struct Disc : Shape {
    int radius;
    explicit Disc(int r) : radius(r) {}
    NOINLINE int area() const override { return 3 * radius * radius; }
};

NOINLINE int areas(const std::vector<std::unique_ptr<Shape>> &shapes)
{
    int sum = 0;
    for (const auto &shape : shapes) {
        sum += shape->area();
    }
    return sum;
}

NOINLINE int names(const Named &named)
{
    return named.name();
}

NOINLINE int applies(const std::function<int(int)> &f, int n)
{
    return f(n) + f(n + 1);
}

int main()
{
    for (int n = 0; n < 6; n++) {
        for (int level = 0; level < 4; level++) {
            sink += catches_at(3, level, n);
        }
        sink += rethrows(n) + keeps(n);
    }
    std::vector<std::unique_ptr<Shape>> shapes;
    for (int i = 0; i < 9; i++) {
        if (i % 3) {
            shapes.push_back(std::make_unique<Box>(i));
        } else {
            shapes.push_back(std::make_unique<Disc>(i));
        }
    }
    sink += areas(shapes) + names(Box(4));
    int added = 3;
    sink += applies([added](int n) { return leaf(n) + added; }, 5);
    std::vector<int> values;
    for (int i = 0; i < 100; i++) {
        values.push_back(i * 7919 % 101);
    }
    std::sort(values.begin(), values.end(), [](int a, int b) { return a > b; });
    std::map<std::string, int> words;
    for (int value : values) {
        words["w" + std::to_string(value % 13)] += value;
    }
    printf("%d\n", (int)words.size());
    return 0;
}
