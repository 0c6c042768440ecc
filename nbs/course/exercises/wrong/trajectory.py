"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% walk | The velocity is not set back to its speed: a big push makes a long step. | walk_length, walk_home
def walk(angle, pushes, length, inertia=0.):
    v, positions = cmath.rect(length / len(pushes), angle), [0j]
    for push in pushes:
        v = v + push - inertia * positions[-1]
        positions.append(positions[-1] + v)
    return np.array(positions)

# %% walk | The point moves before it is pushed: every push acts a step late. | walk_back, walk_home
def walk(angle, pushes, length, inertia=0.):
    speed = length / len(pushes)
    v, positions = cmath.rect(speed, angle), [0j]
    for push in pushes:
        positions.append(positions[-1] + v)
        v = v + push - inertia * positions[-2]
        v = v / abs(v) * speed
    return np.array(positions)

# %% walk | The pull acts against the velocity, as friction would, and not towards the start. | walk_home
def walk(angle, pushes, length, inertia=0.):
    speed = length / len(pushes)
    v, positions = cmath.rect(speed, angle), [0j]
    for push in pushes:
        v = v + push - inertia * v
        v = v / abs(v) * speed
        positions.append(positions[-1] + v)
    return np.array(positions)

# %% walk | Push and pull are taken times the speed, as in the printed algorithm. At a speed of 1 that does not show. | walk_home
def walk(angle, pushes, length, inertia=0.):
    speed = length / len(pushes)
    v, positions = cmath.rect(speed, angle), [0j]
    for push in pushes:
        v = v + speed * (push - inertia * positions[-1])
        v = v / abs(v) * speed
        positions.append(positions[-1] + v)
    return np.array(positions)
