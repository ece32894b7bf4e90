/* SPDX-License-Identifier: BSD-2-Clause
 * SPDX-FileCopyrightText: 2026 the Cobnut authors
 *
 * space.c - address spaces, their UTCBs and KIP, and SpaceControl.
 *
 * A page of a UTCB area is memory of the kernel's, made for the first UTCB in it and freed
 * with the last. The counter that the pool has for each page says which of its UTCBs are in
 * use, a bit each.
 */
#include <kernel/kernel.h>
#include <kernel/kmem.h>

#define UTCB_SIZE ((word_t)1 << ABI_UTCB_LOG2)
#define KIP_REST  (((word_t)1 << ABI_KIP_AREA_LOG2) - 1)

_Static_assert(ABI_KIP_AREA_LOG2 <= GLUE_PUT_LOG2, "the KIP is of small pages, mapped in one step");

_Static_assert(offsetof(struct space, g) == 0, "the port takes its part for the space");
_Static_assert(GLUE_PAGE_SIZE / UTCB_SIZE <= 16, "a 16-bit counter has a bit per UTCB");
_Static_assert(sizeof(struct abi_utcb) == UTCB_SIZE, "the layout of a UTCB fills it");

struct space *k_root_space;

struct space *space_create(void)
{
	struct space *sp = k_alloc(kmem_log2(sizeof(struct space)));

	if (!sp)
		return NULL;
	sp->kip = sp->utcbs = PIECE_NONE;
	sp->utcb_page = ~(word_t)0;
	if (glue_space_init(&sp->g) != GLUE_OK) {
		k_free(sp, kmem_log2(sizeof(struct space)));
		return NULL;
	}
	return sp;
}

/* Map `rest` + 1 bytes of the kernel's in one of the areas, where nothing is mapped. False: no
 * memory. */
static bool map_pages(struct space *sp, word_t va, word_t rest, const void *page, word_t prot)
{
	struct glue_range r = {.va = va, .last = va | rest};

	r.page.pa = glue_virt_to_phys(page);
	r.page.log2 = GLUE_PAGE_LOG2;
	r.page.prot = prot;
	/* It makes the tables only, the first time. */
	while (!glue_put(&sp->g, va, rest, frame_of(r.page.pa), prot, GLUE_CACHED))
		if (glue_map(&sp->g, &r) != GLUE_OK)
			return false;
	return true;
}

/* The KIP is not in its area any more, if it was. */
static void unmap_kip(struct space *sp)
{
	word_t va = sp->kip.base;

	if (!sp->kip.rest)
		return;
	sp->kip = PIECE_NONE;
	(void)!glue_put(&sp->g, va, KIP_REST, 0, 0, GLUE_CACHED);
}

bool space_destroy(struct space *sp)
{
	/* Most often nothing else is left: then the port need not look for it. */
	unmap_kip(sp);
	if (!glue_space_fini(&sp->g))
		return false;
	k_free(sp, kmem_log2(sizeof(struct space)));
	return true;
}

/* ---- UTCBs --------------------------------------------------------------------------- */

static inline uint16_t utcb_bit(word_t va)
{
	return (uint16_t)(1u << ((va & (GLUE_PAGE_SIZE - 1)) >> ABI_UTCB_LOG2));
}

/* Remember the page of the UTCB area at va, where it isn't there a new one. False: no memory. */
static bool find_utcb_page(struct space *sp, word_t va)
{
	struct glue_mapping m;
	char *page;

	if (glue_lookup(&sp->g, va, &m)) {
		page = glue_phys_to_virt(m.pa);
	} else {
		page = k_alloc(GLUE_PAGE_LOG2);
		if (!page)
			return false;
		if (!map_pages(sp, va, GLUE_PAGE_SIZE - 1, page, GLUE_R | GLUE_W)) {
			k_free(page, GLUE_PAGE_LOG2);
			return false;
		}
	}
	sp->utcb_page = va;
	sp->utcb_alias = page;
	return true;
}

/* As space_utcb_attach, in a page that isn't remembered. */
static NOINLINE unsigned attach_elsewhere(struct space *sp, word_t va)
{
	if (!find_utcb_page(sp, va & ~(GLUE_PAGE_SIZE - 1)))
		return ABI_ERR_NO_MEM;
	return space_utcb_attach(sp, va);
}

unsigned space_utcb_attach(struct space *sp, word_t va)
{
	struct abi_utcb *u;
	uint16_t *used;

	if (!va || va & (UTCB_SIZE - 1) || !piece_has(&sp->utcbs, va))
		return ABI_ERR_UTCB_AREA;
	if (unlikely((va & ~(GLUE_PAGE_SIZE - 1)) != sp->utcb_page))
		return attach_elsewhere(sp, va);
	u = space_utcb(sp, va);
	used = kmem_page_counter(u);
	if (*used & utcb_bit(va))
		return ABI_ERR_UTCB_AREA;
	*used |= utcb_bit(va);
	sp->active++;
	/* The rest may be what a thread of the space left there: another of them could as well
	 * have read it. */
	u->processor = u->handle = u->pager = u->exc_handler = u->error = u->acceptor = 0;
	u->notify_mask = u->notify_bits = 0;
	u->preempt_flags = u->preempt_ip = u->preempted_ip = 0;
	u->tls[0] = u->tls[1] = u->tls[2] = u->tls[3] = 0;
	u->reserved[0] = va;
	return ABI_OK;
}

/* The page with this UTCB has none any more. */
static NOINLINE void free_utcb_page(struct space *sp, word_t va, struct abi_utcb *utcb)
{
	word_t within = va & (GLUE_PAGE_SIZE - 1);

	va -= within;
	if (sp->utcb_page == va)
		sp->utcb_page = ~(word_t)0;
	/* To unmap what is mapped just so takes no memory. */
	(void)!glue_put(&sp->g, va, GLUE_PAGE_SIZE - 1, 0, 0, GLUE_CACHED);
	k_free((char *)utcb - within, GLUE_PAGE_LOG2);
}

void space_utcb_detach(struct space *sp, word_t va, struct abi_utcb *utcb)
{
	uint16_t *used = kmem_page_counter(utcb);

	sp->active--;
	*used &= ~utcb_bit(va);
	if (!*used)
		free_utcb_page(sp, va, utcb);
}

/* ---- areas --------------------------------------------------------------------------- */

word_t k_map_quiet;

word_t space_quiet(void)
{
	static word_t last;

	if (!k_map_quiet)
		k_map_quiet = ++last;
	return k_map_quiet;
}

/* `err` if anything but the KIP is mapped in `area`, else ABI_OK. Where `next` is not NULL, starts
 * there if that is in the area, and may be cut: SYS_AGAIN. *next is then where to go on. */
static unsigned area_look(const struct space *sp, const struct piece *area, word_t *next,
			  unsigned err)
{
	word_t va = next && piece_has(area, *next) ? *next : area->base;
	struct glue_mapping m;

	do {
		if (glue_lookup(&sp->g, va, &m) && !piece_has(&sp->kip, va))
			return err;
		va = (va | (((word_t)1 << m.log2) - 1)) + 1;
		if (next && glue_irq_pending()) {
			*next = va;
			return SYS_AGAIN;
		}
	} while (piece_has(area, va));
	return ABI_OK;
}

unsigned space_set_areas(struct space *sp, word_t kip_fpage, word_t utcb_fpage, word_t *next)
{
	struct piece kip, utcbs;
	unsigned result;

	if (!fpage_piece(kip_fpage, &kip) || kip.rest != KIP_REST)
		return ABI_ERR_KIP_AREA;
	if (!fpage_piece(utcb_fpage, &utcbs))
		return ABI_ERR_UTCB_AREA;
	if (pieces_overlap(&kip, &utcbs))
		return ABI_ERR_KIP_AREA;
	result = area_look(sp, &utcbs, next, ABI_ERR_UTCB_AREA);
	if (result == ABI_OK)
		result = area_look(sp, &kip, NULL, ABI_ERR_KIP_AREA);
	if (result != ABI_OK)
		return result;
	if (kip.base != sp->kip.base) {
		if (!map_pages(sp, kip.base, KIP_REST, k_kip, GLUE_R))
			return ABI_ERR_NO_MEM;
		unmap_kip(sp);
	}
	sp->kip = kip;
	sp->utcbs = utcbs;
	return ABI_OK;
}

unsigned sys_space_control(struct tcb *cur)
{
	word_t kip_area = sys_arg(cur, 2) & ~(word_t)GLUE_RWX;
	word_t utcb_area = sys_arg(cur, 3) & ~(word_t)GLUE_RWX;
	struct space *sp = tid_space(sys_arg(cur, 0));
	word_t next = cur->progress[1] == k_map_quiet ? cur->progress[0] : 0;
	unsigned err = ABI_OK;

	cur->progress[0] = 0;
	if (!cur->privileged)
		return ABI_ERR_NO_PRIVILEGE;
	if (!sp)
		return ABI_ERR_SPACE;
	if (sys_arg(cur, 1)) /* no port has control bits */
		return ABI_ERR_PARAM;
	/* Where a thread is active, the areas are ignored. */
	if (!sp->active)
		err = space_set_areas(sp, kip_area, utcb_area, &next);
	if (err == SYS_AGAIN) {
		cur->progress[0] = next;
		cur->progress[1] = space_quiet();
	} else if (err == ABI_OK) {
		sys_ret(cur, 0, 1);
		sys_ret(cur, 1, 0);
	}
	return err;
}

SYS_CALL(space_control)
