"Right answers in another form. Each begins with: the cell that it replaces | what is unusual."

# %% gradient_penalty | The scores of each photo are summed first, by which a map and a single score become alike.
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng).expand_as(real)
    between = torch.lerp(fake, real, share).detach().requires_grad_()
    scores = critic(between).flatten(1).sum(1)
    slopes, = torch.autograd.grad(scores, between, torch.ones_like(scores), create_graph=True)
    return ((torch.linalg.vector_norm(slopes, dim=(1, 2, 3)) - 1) ** 2).mean()
