/* SPDX-License-Identifier: Apache-2.0 */
/* brief: a static program that ends at once. */
#include <unistd.h>

int main(void)
{
	_exit(21);
}
