/* SPDX-License-Identifier: EPL-2.0 */
package org.kmodscope.core.driver;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that are well formed and yet cannot be a module's or a device's.
 *
 * <p>The lists are facts about Linux 6.1, found by trying: the template was compiled with each word
 * as its prefix that begins a name in the kernel's headers, and the names of built-in modules are
 * those that {@code /sys/module} has already, so that loading fails.
 */
final class ReservedNames {

    private static final Set<String> KEYWORDS =
            words(
                    """
                    alignas alignof asm auto bool break case char const constexpr continue default
                    do double else enum extern false float for goto if inline int long nullptr
                    register restrict return short signed sizeof static static_assert struct switch
                    thread_local true typedef typeof typeof_unqual union unsigned void volatile
                    while
                    """);

    /** Macros of the compiler and of the kernel that are no prefix but the whole word. */
    private static final Set<String> MACROS = words("linux unix i386 current");

    /** The prefix of something that the template would define a second time. */
    private static final Set<String> HEADERS =
            words(
                    """
                    alarm alarm_try_to anon_vma_interval_tree_iter arch_jump_entry arch_task_struct
                    assoc_array atomic64_cmpxchg atomic64_set atomic64_xchg atomic_cmpxchg
                    atomic_dec_and_wake atomic_set atomic_xchg bit_spin bitmap bus_find
                    bus_find_next call call_function cancel cancel_delayed cancel_delayed_work
                    cancel_work cc_random check_copy check_object class_dev_iter class_find
                    class_for_each clear_posix_cputimers common_cpu compat_ptr complete
                    core_initcall cpu cpu_buf_idle cpumask cr4 cred ct_irq ct_nmi d dcache_dir
                    debug_object debug_object_assert debug_objects_early debug_objects_mem def_blk
                    def_chr del_timer demangle dentry dev dev_pm_syscore device device_initcall
                    device_pm devres do do_group do_raw_spin do_sys dpm dq_data driver driver_find
                    driver_find_next driver_for_each early_cpu elf_common elf_coredump_extra_notes
                    emergency exec_mm exit_mm fault_flag_allow_retry file file_can file_clone
                    file_ra_state filemap_invalidate files files_maxfiles filp finish finish_no
                    flush flush_delayed flush_rcu folio folio_is_zone folios fork fpregs free_area
                    fs fs_initcall fs_reclaim generic_file generic_file_llseek generic_ro
                    generic_write get get_sigframe hlist_bl hlist_bl_del hlist_bl_set hlist_del
                    hrtimer hrtimer_try_to hrtimers ida idr initmem inode inode_needs interrupt io
                    iov_iter iov_iter_is irq is_global jump_entry jump_entry_is jump_entry_set
                    jump_label kasan_has_integrated kasan_metadata kcsan kernel_param kernfs
                    kernfs_generic kernfs_open key key_ref keyring kick_all_cpus kill klist
                    klist_iter kmem_cache kmsg kobject kref kref_put kset kthread
                    kthread_cancel_delayed_work kthread_cancel_work kthread_flush
                    kthread_mod_delayed kthread_queue kthread_queue_delayed late_initcall late_time
                    list list_del list_is list_lru_isolate list_replace list_splice list_splice_tail
                    llist_del local local_lock local_lock_debug lock lock_map lockref_put_or
                    locks_alloc locks_copy locks_free locks_init lruvec mangle maple_tree
                    mark_inode_dirty max_mem mem mem_encrypt mem_section_usage memmap_init_zone
                    memory_failure_queue mm_cache mm_pasid mm_pgtables_bytes mmap mmap_init
                    mmap_read mmap_write mmio_stale_data mmlist mod_delayed module mt mt_external
                    mutex native_cpu native_p4d native_pgd native_pmd native_pte native_pud
                    native_pv_lock no_seek_end_llseek nonseekable noop oops osq osq_lock p4d page
                    page_alloc page_ext page_level pagecache paging path path_put percpu_counter
                    percpu_ref percpu_ref_switch_to_atomic percpu_rwsem pgd pgdat_kswapd
                    pgdat_kswapd_lock pgdat_page_ext pgdat_resize pgtable pgtable_cache pidfd plist
                    plist_head plist_node pm_generic pmd pmd_ptlock pmd_trans_huge poking poll
                    posix_cpu_timers posix_cputimers posix_cputimers_group posix_cputimers_init
                    posix_test postcore_initcall preempt_notifier proc_caches pte ptep ptep_get_and
                    ptlock ptlock_cache ptrace_signal_wake pud pud_trans_huge put pv queue
                    queue_delayed queue_rcu queued_read queued_spin queued_write radix_tree
                    radix_tree_chunk radix_tree_iter radix_tree_tag random ratelimit_default
                    ratelimit_state rb rb_find rcu rcu_head rcu_read rcu_sync rcuwait rcuwait_wake
                    read read_seqbegin_or refcount_dec_and rename resource resource_set rhashtable
                    rhltable round round_jiffies schedule schedule_delayed seccomp_filter sema seq
                    seq_file set_page_dirty signal signal_wake signals simple simple_attr
                    simple_transaction single single_open sme_early smp sparse spin srcu srcu_read
                    ss stack_depot stack_depot_early store_release_wake stream string_get
                    subsection_map subsys_dev_iter subsys_initcall swake syscall sysctl_nr sysfs
                    task tasklist thp tick_cpu tile timekeeping timer timer_delete timer_shutdown
                    timerqueue to_delayed to_rcu try_to_del_timer tsc tsc_early uids_sysfs
                    untrack_pfn uprobes user_shm vfs vfs_caches vfs_cancel vfs_test vfs_tmpfile
                    virt_spin vma vma_interval_tree_iter vma_iter wait wait_bit wait_on_bit wake
                    wake_up wake_up_interruptible wakeup_sources_read within_module work workqueue
                    x86 x86_idle_thread xa zone_device_page zone_is_zone zone_seqlock
                    """);

    private static final Set<String> BUILT_IN =
            words(
                    """
                    acpi acpiphp aead aes_generic af_packet akcipher amd_pstate amd_uncore
                    apparmor asn1_decoder asymmetric_keys atkbd balloon binfmt_elf binfmt_script
                    bitrev blk_cgroup block bsg cbc cfbcopyarea cfbfillrect cfbimgblt cgroup
                    cgroups clocksource cn compat_binfmt_elf configfs cpufreq cpufreq_performance
                    cpuidle cpuidle_haltpoll crc16 crc32 crc32c_generic crc64 crc64_rocksoft
                    crc64_rocksoft_generic crc_ccitt crc_t10dif crct10dif_common crct10dif_generic
                    crypto crypto_acompress crypto_algapi crypto_hash crypto_null cryptomgr
                    cxl_core cxl_port dax debugfs deflate device_hmem dh_generic digsig dmi_sysfs
                    dns_resolver drm_panel_orientation_quirks dynamic_debug edac_core ehci_hcd
                    encrypted_keys events exportfs ext4 fb fb_sys_fops fbdev firmware_class font
                    freq_table fscrypto fuse geniv ghes glob grant_table haltpoll hed hmac i8042
                    ima input_core input_leds intel_idle intel_iommu intel_pstate ioasid iova ipv6
                    jbd2 kdb kdf_sp800108 kernel keyboard kgdboc kpp led_class libaes libblake2s
                    libblake2s_x86_64 libcryptoutils libps2 libsha1 libsha256 lockd loop
                    lz4_decompress lzo_compress lzo_decompress main mbcache md5 memory_hotplug
                    mip6 mmiotrace mpi mq_deadline n_null netpoll nfs nfs_ssc nfsd nls_base
                    nmi_backtrace nvme nvme_core ohci_hcd oid_registry page_pool page_reporting
                    pci_core pci_hotplug pciehp pkcs7_message power_supply powercap_sys pps_core
                    printk processor psmouse pstore ptp public_key rcupdate rcutree rng rng_core
                    rsa_generic rtc_cmos sch_fq_codel sched secretmem serdev serial_core serio
                    sha1_generic sha256_generic signing skcipher spurious srcutree sunrpc suspend
                    syscopyarea sysfillrect sysimgblt sysrq t10_pi tcp_cubic thermal tpm tpm_crb
                    tpm_tis tpm_tis_core tracefs tree ucs2_string uhci_hcd unicode unix update
                    usbcore utf8data vgacon vivaldi_fmap vt watchdog x509_key_parser xen_fbfront
                    xenbus xenbus_probe_frontend xhci_hcd xxhash xz_dec zlib_deflate zlib_inflate
                    zstd_common zstd_decompress zswap
                    """);

    /**
     * Nodes that the kernel makes itself, or that udev and the C library expect to be something.
     */
    private static final Pattern DEVICES =
            Pattern.compile(
                    "null|zero|full|u?random|mem|kmem|port|kmsg|log|console|tty.*|pty.*|ptmx|pts|vcs.*"
                            + "|stdin|stdout|stderr|fd|core|shm|mqueue|hugepages|initctl|char|block"
                            + "|disk|mapper|input|snd|dri|net|vfio|virtio-ports|bus|cpu|usb|loop.*"
                            + "|ram\\d*|[shv]d[a-z]+\\d*|sr\\d+|sg\\d+|md.*|dm-.*|nvme.*|mmcblk.*"
                            + "|rtc\\d*|hpet|hwrng|fuse|kvm|vhost-.*|userfaultfd|snapshot|nvram|vga_arbiter"
                            + "|cpu_dma_latency|autofs|btrfs-control|cuse|uinput|uhid|udmabuf|fb\\d+|lp\\d+"
                            + "|mice|mouse|watchdog\\d*|i2c-.*|spidev.*|gpiochip.*|hidraw.*|video\\d+");

    private ReservedNames() {}

    static Optional<String> moduleProblem(String name) {
        if (KEYWORDS.contains(name)) {
            return Optional.of("\"" + name + "\" is a word of the C language.");
        }
        if (MACROS.contains(name)) {
            return Optional.of("\"" + name + "\" means something else to the compiler.");
        }
        if (HEADERS.contains(name)) {
            return Optional.of(
                    "\""
                            + name
                            + "\" begins names of the kernel that a driver would define again.");
        }
        if (BUILT_IN.contains(name)) {
            return Optional.of("\"" + name + "\" is a module that the kernel has built in.");
        }
        return Optional.empty();
    }

    static Optional<String> deviceProblem(String name) {
        return DEVICES.matcher(name).matches()
                ? Optional.of("/dev/" + name + " belongs to the kernel.")
                : Optional.empty();
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }
}
