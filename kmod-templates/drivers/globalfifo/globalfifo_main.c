// SPDX-License-Identifier: GPL-2.0
/*
 * #ifdef KMOD_MINORS
 * globalfifo: FIFOs as character devices, /dev/globalfifo and so on.
 * #else
 * globalfifo: a FIFO as a character device, /dev/globalfifo.
 * #endif
 *
 * #ifdef KMOD_MINORS
 * This file loads and unloads the module and makes its devices. What a device
 * does is in globalfifo_file.c.
 * #else
 * This file loads and unloads the module and makes the device. What the device
 * does is in globalfifo_file.c.
 * #endif
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/errno.h>
#ifdef KMOD_AIO_DEFERRED
#include <linux/jiffies.h>
#endif
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "globalfifo.h"

#ifdef KMOD_PARAMS
static unsigned int globalfifo_size = SZ_4K;
module_param_named(size, globalfifo_size, uint, 0444);
MODULE_PARM_DESC(size, "How many bytes a FIFO holds, 1 to 1048576 (4096)");
#ifdef KMOD_AIO_DEFERRED

/* Longer than this, a program that is killed would seem to hang. */
#define GLOBALFIFO_DELAY_MAX	10000

static unsigned int globalfifo_delay_ms = 10;
module_param_named(delay_ms, globalfifo_delay_ms, uint, 0444);
MODULE_PARM_DESC(delay_ms, "When results are reported, 0 to 10000 ms (10)");
#endif
#else
/* How many bytes a FIFO holds. */
#define GLOBALFIFO_SIZE		SZ_4K
#ifdef KMOD_AIO_DEFERRED

/* How much later results are reported. */
#define GLOBALFIFO_DELAY_MS	10
#endif
#endif

#ifdef KMOD_MINORS
#define GLOBALFIFO_MAX	16

static unsigned int globalfifo_minors = 2;
module_param_named(minors, globalfifo_minors, uint, 0444);
MODULE_PARM_DESC(minors, "How many devices there are, 1 to 16 (2)");

static struct globalfifo_dev *all_devices[GLOBALFIFO_MAX];
#else
static struct globalfifo_dev *globalfifo_device;
#endif
#ifdef KMOD_CDEV

/* The first of our device numbers, and the class that udev hears of. */
static dev_t globalfifo_first;
#ifdef KMOD_BEFORE_6_4

/* It cannot be const: before 6.4 registering it changed it. */
static struct class globalfifo_class = {
	.name = KBUILD_MODNAME,
};
#else

static const struct class globalfifo_class = {
	.name = KBUILD_MODNAME,
};
#endif

/* Not in globalfifo_down(): somebody may hold the device longer than we do. */
static void globalfifo_release_device(struct device *device)
{
	struct globalfifo_dev *dev;

	dev = container_of(device, struct globalfifo_dev, device);
	kvfree(dev->buf);
	kfree(dev);
}
#endif

static void globalfifo_discard(struct globalfifo_dev *dev)
{
#ifdef KMOD_CDEV
	put_device(&dev->device);
#else
	kvfree(dev->buf);
	kfree(dev);
#endif
}

/*
 * From the moment this succeeds programs can open the device, so all that open
 * and read need must be there.
 */
#ifdef KMOD_MINORS
static int globalfifo_publish(struct globalfifo_dev *dev, unsigned int index)
#else
static int globalfifo_publish(struct globalfifo_dev *dev)
#endif
{
#ifdef KMOD_CDEV
	int ret;

#ifdef KMOD_MINORS
	ret = dev_set_name(&dev->device, "%s%u", GLOBALFIFO_DEVICE, index);
#else
	ret = dev_set_name(&dev->device, "%s", GLOBALFIFO_DEVICE);
#endif
	if (ret)
		return ret;

	cdev_init(&dev->cdev, &globalfifo_fops);
	dev->cdev.owner = THIS_MODULE;
	return cdev_device_add(&dev->cdev, &dev->device);
#else
	dev->misc.minor = MISC_DYNAMIC_MINOR;
	dev->misc.fops = &globalfifo_fops;
#ifdef KMOD_MINORS
	snprintf(dev->name, sizeof(dev->name), "%s%u", GLOBALFIFO_DEVICE,
		 index);
	dev->misc.name = dev->name;
#else
	dev->misc.name = GLOBALFIFO_DEVICE;
#endif
	return misc_register(&dev->misc);
#endif
}

/*
 * Publishing comes last. What was done before a step that fails is undone in
 * reverse order.
 */
#ifdef KMOD_MINORS
static struct globalfifo_dev *
globalfifo_up(unsigned int index)
#else
static struct globalfifo_dev *
globalfifo_up(void)
#endif
{
	struct globalfifo_dev *dev;
	int ret = -ENOMEM;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return ERR_PTR(ret);

#ifdef KMOD_CDEV
	/* From here on the device frees itself, with its last reference. */
	device_initialize(&dev->device);
	dev->device.class = &globalfifo_class;
#ifdef KMOD_MINORS
	dev->device.devt = globalfifo_first + index;
#else
	dev->device.devt = globalfifo_first;
#endif
	dev->device.release = globalfifo_release_device;
#endif
	mutex_init(&dev->lock);
	init_waitqueue_head(&dev->wait);
#ifdef KMOD_PARAMS
	dev->size = globalfifo_size;
#else
	dev->size = GLOBALFIFO_SIZE;
#endif
	dev->buf = kvmalloc(dev->size, GFP_KERNEL);
	if (!dev->buf)
		goto discard;

#ifdef KMOD_AIO_DEFERRED
#ifdef KMOD_PARAMS
	dev->delay = msecs_to_jiffies(globalfifo_delay_ms);
#else
	dev->delay = msecs_to_jiffies(GLOBALFIFO_DELAY_MS);
#endif
#endif
#ifdef KMOD_AIO
#ifdef KMOD_MINORS
#ifndef KMOD_WORKQUEUE_SYSTEM
	dev->index = index;
#endif
#endif
	ret = globalfifo_aio_init(dev);
	if (ret)
		goto discard;

#endif
#ifdef KMOD_MINORS
	ret = globalfifo_publish(dev, index);
#else
	ret = globalfifo_publish(dev);
#endif
	if (ret) {
		pr_err("no device node %s: %d\n", GLOBALFIFO_DEVICE, ret);
#ifdef KMOD_AIO
		goto stop_aio;
#else
		goto discard;
#endif
	}
	return dev;

#ifdef KMOD_AIO
stop_aio:
	globalfifo_aio_exit(dev);
#endif
discard:
	globalfifo_discard(dev);
	return ERR_PTR(ret);
}

/* Only when no file is open: until then .owner keeps the module loaded. */
static void globalfifo_down(struct globalfifo_dev *dev)
{
#ifdef KMOD_CDEV
	cdev_device_del(&dev->cdev, &dev->device);
#else
	misc_deregister(&dev->misc);
#endif
#ifdef KMOD_AIO
	globalfifo_aio_exit(dev);
#endif
	globalfifo_discard(dev);
}
#ifdef KMOD_MINORS

static void globalfifo_down_all(void)
{
	unsigned int i = globalfifo_minors;

	while (i--) {
		if (all_devices[i])
			globalfifo_down(all_devices[i]);
	}
}

/* All or none. */
static int globalfifo_up_all(void)
{
	struct globalfifo_dev *dev;
	unsigned int i;

	for (i = 0; i < globalfifo_minors; i++) {
		dev = globalfifo_up(i);
		if (IS_ERR(dev)) {
			globalfifo_down_all();
			return PTR_ERR(dev);
		}
		all_devices[i] = dev;
	}
	return 0;
}
#endif

static int __init globalfifo_init(void)
{
#ifdef KMOD_CDEV
	int ret;

#endif
#ifdef KMOD_PARAMS
	if (!globalfifo_size || globalfifo_size > SZ_1M) {
		pr_err("size=%u is not between 1 and %u\n", globalfifo_size,
		       SZ_1M);
		return -EINVAL;
	}
#ifdef KMOD_AIO_DEFERRED
	if (globalfifo_delay_ms > GLOBALFIFO_DELAY_MAX) {
		pr_err("delay_ms=%u is more than %u\n", globalfifo_delay_ms,
		       GLOBALFIFO_DELAY_MAX);
		return -EINVAL;
	}
#endif
#endif
#ifdef KMOD_MINORS
	if (!globalfifo_minors || globalfifo_minors > GLOBALFIFO_MAX) {
		pr_err("minors=%u is not between 1 and %u\n",
		       globalfifo_minors, GLOBALFIFO_MAX);
		return -EINVAL;
	}
#endif

#ifdef KMOD_CDEV
#ifdef KMOD_MINORS
	ret = alloc_chrdev_region(&globalfifo_first, 0, globalfifo_minors,
				  GLOBALFIFO_DEVICE);
#else
	ret = alloc_chrdev_region(&globalfifo_first, 0, 1, GLOBALFIFO_DEVICE);
#endif
	if (ret)
		return ret;
	ret = class_register(&globalfifo_class);
	if (ret)
		goto free_numbers;
#ifdef KMOD_MINORS
	ret = globalfifo_up_all();
#else
	globalfifo_device = globalfifo_up();
	ret = PTR_ERR_OR_ZERO(globalfifo_device);
#endif
	if (ret)
		goto free_class;
	return 0;

free_class:
	class_unregister(&globalfifo_class);
free_numbers:
#ifdef KMOD_MINORS
	unregister_chrdev_region(globalfifo_first, globalfifo_minors);
#else
	unregister_chrdev_region(globalfifo_first, 1);
#endif
	return ret;
#else
#ifdef KMOD_MINORS
	return globalfifo_up_all();
#else
	globalfifo_device = globalfifo_up();
	return PTR_ERR_OR_ZERO(globalfifo_device);
#endif
#endif
}
module_init(globalfifo_init);

static void __exit globalfifo_exit(void)
{
#ifdef KMOD_MINORS
	globalfifo_down_all();
#else
	globalfifo_down(globalfifo_device);
#endif
#ifdef KMOD_CDEV
	class_unregister(&globalfifo_class);
#ifdef KMOD_MINORS
	unregister_chrdev_region(globalfifo_first, globalfifo_minors);
#else
	unregister_chrdev_region(globalfifo_first, 1);
#endif
#endif
}
module_exit(globalfifo_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("@DESCRIPTION@");
MODULE_LICENSE("GPL");
