/* Opens shared objects in turn and closes them again; prints where each function lay. */
#include <dlfcn.h>
#include <stdio.h>

#include "cairn.h"

int main(int argc, char **argv)
{
    unsigned long x = 1;

    for (int i = 0; i < 8; i++) {
        void *object = dlopen(argv[1 + i % (argc - 1)], RTLD_NOW);
        unsigned long (*work)(unsigned long);

        if (!object) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        work = (unsigned long (*)(unsigned long))dlsym(object, "work");
        printf("%p\n", (void *)work);
        CAIRN_BEGIN("around");
        x = work(x);
        CAIRN_END;
        dlclose(object);
    }
    return x == 0;
}
