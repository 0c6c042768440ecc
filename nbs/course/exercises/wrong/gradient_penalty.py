"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% gradient_penalty | The norm is taken over the channels alone: each pixel has a slope of its own, and all are too flat. | penalty_slope
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.norm(dim=1) - 1).square().mean()

# %% gradient_penalty | One share for the whole batch. | penalty_places
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(1, generator=rng)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.flatten(1).norm(dim=1) - 1).square().mean()

# %% gradient_penalty | One-sided: slopes below 1 cost nothing. | penalty_two_sided
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.flatten(1).norm(dim=1) - 1).clamp(min=0).square().mean()

# %% gradient_penalty | Without `create_graph` the penalty is a number from which the critic learns nothing. | penalty_teaches
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between)
    return (slopes.flatten(1).norm(dim=1) - 1).square().mean()

# %% gradient_penalty | The shares are not drawn by the rng that was given: no run can be repeated. | penalty_places
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.flatten(1).norm(dim=1) - 1).square().mean()

# %% gradient_penalty | The photos that were given are multiplied by their shares, not copies of them. | penalty_slope
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng)
    between = real.mul_(share).add_(fake.mul_(1 - share)).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.flatten(1).norm(dim=1) - 1).square().mean()

# %% gradient_penalty | The mean slope is held at 1, not each: steep photos are paid for by flat ones. Linear critics do not show it. | penalty_slope
def gradient_penalty(critic, real, fake, rng):
    share = torch.rand(len(real), 1, 1, 1, generator=rng)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    slopes, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (slopes.flatten(1).norm(dim=1).mean() - 1).square()
