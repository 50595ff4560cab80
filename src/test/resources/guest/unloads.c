/* Loads two shared objects in turn, which lands the second where the first was. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    unsigned long x = 1;

    for (int i = 0; i < 50; i++) {
        void *object = dlopen(argv[1 + i % (argc - 1)], RTLD_NOW);
        unsigned long (*work)(unsigned long);

        if (!object) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        work = (unsigned long (*)(unsigned long))dlsym(object, "work");
        x = work(x);
        dlclose(object);
    }
    printf("%lu\n", x);
    return 0;
}
